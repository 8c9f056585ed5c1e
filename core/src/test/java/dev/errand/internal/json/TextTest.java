package dev.errand.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "' ', ''",
        "' a b ', 'a b'",
        "'\u00a0\u2003a\u3000\u0085', a",
        "'\u200ba', '\u200ba'"
    })
    void trimRemovesUnicodeWhitespaceAtBothEnds(String text, String trimmed) {
        assertThat(Text.trim(text)).isEqualTo(trimmed);
        assertThat(Text.trim(Optional.of(text))).hasValue(trimmed);
    }

    @Test
    void trimKeepsAnAbsentText() {
        assertThat(Text.trim(Optional.empty())).isEmpty();
    }

    @Property
    void trimIsIdempotent(@ForAll("texts") String text) {
        String once = Text.trim(text);
        assertThat(Text.trim(once)).isEqualTo(once);
        assertThat(text).contains(once);
    }

    @Test
    void anErrorTextShowsTheBeginningOfALongValue() {
        assertThat(Text.shown("x".repeat(100))).isEqualTo("x".repeat(100));
        assertThat(Text.shown("x".repeat(101))).isEqualTo("x".repeat(100) + "...");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "\ud83d\ude00", "a\ud83d\ude00\ud83d\ude00"})
    void completeSurrogatePairsAreWellFormed(String text) {
        assertThat(Text.isWellFormed(text)).isTrue();
        assertThat(Text.escapeLoneSurrogates(text)).isEqualTo(text);
        assertThat(Text.withoutLoneSurrogates(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "'\ud800', '\\ud800', '\ufffd'",
        "'\udc00', '\\udc00', '\ufffd'",
        "'\ude00\ud83d', '\\ude00\\ud83d', '\ufffd\ufffd'",
        "'a\ud83d\ud83d\ude00b', 'a\\ud83d\ud83d\ude00b', 'a\ufffd\ud83d\ude00b'"
    })
    void loneSurrogatesAreEscapedOrReplaced(String text, String escaped, String replaced) {
        assertThat(Text.isWellFormed(text)).isFalse();
        assertThat(Text.escapeLoneSurrogates(text)).isEqualTo(escaped);
        assertThat(Text.withoutLoneSurrogates(text)).isEqualTo(replaced);
    }

    @Property
    void aTextIsWellFormedIfUtf8CanEncodeIt(@ForAll("texts") String text) {
        boolean survives =
                new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                        .equals(text);
        assertThat(Text.isWellFormed(text)).isEqualTo(survives);
        assertThat(Text.isWellFormed(Text.escapeLoneSurrogates(text))).isTrue();
        assertThat(Text.isWellFormed(Text.withoutLoneSurrogates(text))).isTrue();
    }

    /** Only a few characters, so that surrogates often form pairs. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars(
                        'a', ' ', '\t', '\u0085', '\u00a0', '\u2003', '\ud83d', '\ude00', '\uffff')
                .ofMaxLength(12);
    }

    @Test
    void theFirstAndTheLastSurrogateAreReplacedAndTheirNeighborsAreNot() {
        assertThat(Text.withoutLoneSurrogates("\ud800 \udfff \ud7ff\ue000"))
                .isEqualTo("\ufffd \ufffd \ud7ff\ue000");
    }
}
