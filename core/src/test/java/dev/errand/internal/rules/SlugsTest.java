package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlugsTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    Acme Mobile App, AMA
                    Test Team,       TES
                    default project, DEF
                    R2-D2 x,         R2D
                    ab,              AB
                    --- !!,          TSK
                    '',              TSK
                    a,               A
                    7,               7
                    ABcD,            ABD
                    abCdEf,          ABC
                    aBcDeFgH,        BDF
                    ünïcödé,         ÜNÏ
                    Ärger Öl Über,   ÄÖÜ
                    Élan Zoo,        ÉLA
                    日本語プロジェクト, 日本語
                    𝒜bc,             𝒜BC
                    """)
    void prefixOfAProjectName(String name, String prefix) {
        assertThat(Slugs.prefix(name)).isEqualTo(prefix);
    }

    @Test
    void slugIsPrefixAndNumber() {
        assertThat(Slugs.slug("Acme Mobile App", 42)).isEqualTo("AMA-42");
        assertThat(Slugs.slug("--- !!", 0)).isEqualTo("TSK-0");
    }

    @Test
    void theResultDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Slugs.prefix("initial")).isEqualTo("INI");
        } finally {
            Locale.setDefault(before);
        }
    }
}
