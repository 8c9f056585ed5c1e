package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TitlesTest {

    private static final String ROCKET = "\uD83D\uDE80";

    static Stream<Arguments> lengths() {
        return Stream.of("x", "ü", ROCKET)
                .flatMap(
                        letter ->
                                Stream.of(
                                        Arguments.of(letter, 1, letter),
                                        Arguments.of(letter, 59, letter.repeat(59)),
                                        Arguments.of(letter, 60, letter.repeat(60)),
                                        Arguments.of(letter, 61, letter.repeat(57) + "..."),
                                        Arguments.of(letter, 5000, letter.repeat(57) + "...")));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void sixtyCharactersAreKeptAndMoreAreCutToFiftySevenAndDots(
            String letter, int length, String title) {
        assertThat(Titles.fallback(letter.repeat(length))).isEqualTo(title);
        assertThat(Titles.clean(letter.repeat(length))).isEqualTo(title);
    }

    @Test
    void aSurrogatePairAtTheLimitIsNotSplit() {
        String title = Titles.fallback("x".repeat(56) + ROCKET + "y".repeat(10));
        assertThat(title).isEqualTo("x".repeat(56) + ROCKET + "...");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", " \r\n\t ", "\u2003"})
    void aBlankDescriptionIsUntitled(String description) {
        assertThat(Titles.fallback(description)).isEqualTo("Untitled Task");
        assertThat(Titles.clean(description)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Fix the cart",
                "  Fix the cart  ",
                "Fix the cart\nIt crashes",
                "Fix the cart\r\nIt crashes",
                "Fix the cart\rIt crashes",
                "\n\n  Fix the cart \n\nIt crashes"
            })
    void fallbackIsTheFirstLineOfTheTrimmedDescription(String description) {
        assertThat(Titles.fallback(description)).isEqualTo("Fix the cart");
    }

    @Test
    void fallbackKeepsALabel() {
        assertThat(Titles.fallback("Task: fix it")).isEqualTo("Task: fix it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Fix the cart         | Fix the cart
                    task: Fix the cart   | Fix the cart
                    Title: Fix the cart  | Fix the cart
                    TITLE:Fix the cart   | Fix the cart
                    ' tAsK:  Fix  '      | Fix
                    title: task: Fix     | task: Fix
                    The task: Fix        | The task: Fix
                    task : Fix           | task : Fix
                    tasks: Fix           | tasks: Fix
                    "Fix the cart"       | "Fix the cart"
                    title:               | ''
                    """)
    void cleanStripsOneLeadingLabelAndNothingElse(String generated, String title) {
        assertThat(Titles.clean(generated)).isEqualTo(title);
    }

    @Test
    void theLabelDoesNotCountTowardTheLength() {
        assertThat(Titles.clean("Title: " + "x".repeat(60))).isEqualTo("x".repeat(60));
    }
}
