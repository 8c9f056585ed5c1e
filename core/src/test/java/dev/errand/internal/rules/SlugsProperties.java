package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.task.TaskFilters;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class SlugsProperties {

    @Property
    void aPrefixIsNeverEmptyAndHoldsLettersAndDigitsOnly(@ForAll String name) {
        assertThat(Slugs.prefix(name).codePoints())
                .isNotEmpty()
                .allMatch(c -> Character.isLetterOrDigit(c) || isMarkOfAnUpperCase(c));
    }

    @Property
    void theTextBehindTheLastHyphenIsTheNumber(
            @ForAll String name, @ForAll @LongRange(min = 0) long number) {
        String slug = Slugs.slug(name, number);
        assertThat(TaskFilters.search(slug).orElseThrow().number()).hasValue(number);
    }

    // The upper case of some letters is a letter and a combining mark.
    private static boolean isMarkOfAnUpperCase(int character) {
        return Character.getType(character) == Character.NON_SPACING_MARK;
    }
}
