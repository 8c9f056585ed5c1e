package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TitlesProperties {

    @Property
    void aTitleHasAtMostSixtyCharacters(@ForAll("texts") String text) {
        assertThat(length(Titles.fallback(text))).isBetween(1, 60);
        assertThat(length(Titles.clean(text))).isBetween(0, 60);
    }

    @Property
    void noSurrogatePairIsSplit(@ForAll("texts") String text) {
        assertThat(Titles.fallback(text).codePoints()).noneMatch(TitlesProperties::isHalf);
        assertThat(Titles.clean(text).codePoints()).noneMatch(TitlesProperties::isHalf);
    }

    @Property
    void theFallbackIsIdempotent(@ForAll("texts") String text) {
        String title = Titles.fallback(text);
        assertThat(Titles.fallback(title)).isEqualTo(title);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> characters =
                Arbitraries.of("a", "Z", " ", "\n", "\r", "task:", "é", "\uD83D\uDE80", "日", "");
        return characters.list().ofMaxSize(150).map(parts -> String.join("", parts));
    }
}
