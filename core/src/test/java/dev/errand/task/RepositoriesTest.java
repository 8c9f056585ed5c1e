package dev.errand.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoriesTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "acme/mobile", "Acme/Mobile", " a/b ", "a.b-c_d/e.f-g_h"})
    void aNameWithOneSlashAndABlankNameAreValid(String repository) {
        assertThat(Repositories.problem(repository)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mobile",
                "/",
                "//",
                "/b",
                "a/",
                " /b",
                "a/ ",
                "a//b",
                "a/b/c",
                "a/b/",
                "/a/b",
                "https://github.com/acme/mobile",
                "https://github.com"
            })
    void anyOtherFormatIsRejected(String repository) {
        assertThat(Repositories.problem(repository))
                .hasValue("Repository must be in the format organization/repository");
    }

    @ParameterizedTest
    @CsvSource({
        "Acme/Mobile,      acme/mobile",
        "'  Acme/Mobile ', acme/mobile",
        "'',               ''",
        "ÄÖÜ/É,            äöü/é"
    })
    void theStoredFormIsTrimmedAndLowerCase(String repository, String stored) {
        assertThat(Repositories.normalise(repository)).isEqualTo(stored);
    }

    @Test
    void theResultDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Repositories.normalise("GIT/INIT")).isEqualTo("git/init");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theStoredFormIsNoLongerThanTheName() {
        String repository = "İ/" + "İ".repeat(253);
        assertThat(Repositories.normalise(repository)).hasSize(255);
    }
}
