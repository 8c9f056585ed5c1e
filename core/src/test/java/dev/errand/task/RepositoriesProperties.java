package dev.errand.task;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RepositoriesProperties {

    @Property
    void theStoredFormIsAFixedPoint(@ForAll("names") String name) {
        String stored = Repositories.normalise(name);
        assertThat(Repositories.normalise(stored)).isEqualTo(stored);
    }

    @Property
    void theStoredFormIsAcceptedExactlyIfTheNameIs(@ForAll("names") String name) {
        assertThat(Repositories.problem(Repositories.normalise(name)))
                .isEqualTo(Repositories.problem(name));
    }

    @Property
    void normalisingNeverAddsCharacters(@ForAll String name) {
        String stored = Repositories.normalise(name);
        assertThat(stored.codePointCount(0, stored.length()))
                .isLessThanOrEqualTo(name.codePointCount(0, name.length()));
    }

    @Property
    void anAcceptedNameIsFoundByItsOwnFilters(@ForAll("names") String name) {
        String stored = Repositories.normalise(name);
        if (stored.isEmpty() || Repositories.problem(name).isPresent()) {
            return;
        }
        String shortName = stored.substring(stored.indexOf('/') + 1);
        String organization = stored.substring(0, stored.indexOf('/'));
        assertThat(TaskFilterTexts.repository(name).orElseThrow().matches(stored)).isTrue();
        assertThat(TaskFilterTexts.repository(shortName).orElseThrow().matches(stored)).isTrue();
        assertThat(TaskFilterTexts.organization(organization)).contains(organization);
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> mostlyNames =
                Arbitraries.strings().withChars("aBcİΣß/ -.").ofMaxLength(12);
        return Arbitraries.oneOf(mostlyNames, Arbitraries.strings());
    }
}
