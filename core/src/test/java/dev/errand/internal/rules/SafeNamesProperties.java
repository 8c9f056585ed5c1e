package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SafeNamesProperties {

    @Property
    void aSafeNameHasNoSeparatorAndNoControlCharacter(@ForAll("names") String name) {
        assertThat(SafeNames.of(name))
                .isNotBlank()
                .isNotIn(".", "..")
                .doesNotContain("/", "\\")
                .satisfies(
                        safe -> assertThat(safe.codePoints()).noneMatch(Character::isISOControl));
    }

    @Property
    void theFunctionIsIdempotent(@ForAll("names") String name) {
        String safe = SafeNames.of(name);
        assertThat(SafeNames.of(safe)).isEqualTo(safe);
    }

    @Property
    void aSafeNameIsNoLongerThanItsNameOrTheDefault(@ForAll("names") String name) {
        assertThat(SafeNames.of(name).length())
                .isLessThanOrEqualTo(Math.max(name.length(), SafeNames.DEFAULT_NAME.length()));
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> mostlyNasty =
                Arbitraries.strings()
                        .withChars("a. /\\\t\n\u0000\u007f\u0085\u2003\u00a0\u202e\u200f")
                        .ofMaxLength(9);
        return Arbitraries.oneOf(mostlyNasty, Arbitraries.strings());
    }
}
