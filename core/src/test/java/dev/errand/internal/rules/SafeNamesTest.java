package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    spec.pdf               | spec.pdf
                    docs/spec.pdf          | spec.pdf
                    /etc/passwd            | passwd
                    ../../etc/passwd       | passwd
                    C:\\\\temp\\\\spec.pdf | spec.pdf
                    a/b\\\\c               | c
                    a\\\\b/c               | c
                    '  my spec.pdf  '      | my spec.pdf
                    'docs/ spec.pdf'       | spec.pdf
                    ...                    | ...
                    ..hidden               | ..hidden
                    .env                   | .env
                    Ünï 日本 🚀.txt        | Ünï 日本 🚀.txt
                    "quoted"; x=y          | "quoted"; x=y
                    """)
    void theLastPathSegmentIsKept(String name, String safe) {
        assertThat(SafeNames.of(name)).isEqualTo(safe);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                "/",
                "///",
                "a/",
                "a/ ",
                "\\",
                "a\\",
                "/\\/",
                "..",
                " .. ",
                "a/..",
                "..\\..",
                ".",
                "a/.",
                "\u0000",
                "a/\u0007",
                "\u0001.\u0002.",
                "\u007f",
                "\u0085",
                "\u202e",
                ".\u200f.",
                "\u00a0"
            })
    void aNameWithoutSafeCharactersBecomesArtifact(String name) {
        assertThat(SafeNames.of(name)).isEqualTo("artifact");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u0000b.txt",
                "a\r\nb.txt",
                "\u001bab.txt",
                "ab.txt\u007f",
                "a\u009fb.txt",
                "a\tb.txt",
                " \u0000 ab.txt \u0000 ",
                "a\u202ab\u202b.\u202ct\u202dx\u202et",
                "\u2066a\u2067b\u2068.\u2069txt",
                "\u200eab.txt\u200f \u061c"
            })
    void controlCharactersAreRemoved(String name) {
        assertThat(SafeNames.of(name)).isEqualTo("ab.txt");
    }
}
