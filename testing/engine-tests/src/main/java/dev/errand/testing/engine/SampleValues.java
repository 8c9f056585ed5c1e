package dev.errand.testing.engine;

import static dev.errand.testing.engine.WireJson.quoted;

import dev.errand.profile.ApiProfile;
import dev.errand.spi.WireValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Valid and invalid sample values for every wire type (docs/wire/conventions.md#conventions). */
final class SampleValues {

    private static final List<String> SPACES = List.of("", " ", "\t", "\n ", "\u00a0", "\u2003");
    private static final List<String> NULL_FREE_NON_TEXTS =
            List.of("true", "false", "[]", "{}", "[\"a\"]", "{\"a\":1}");

    private SampleValues() {}

    // --- text

    /** Returns text, possibly empty, with at most {@code max} characters. */
    static Arbitrary<SampleValue> text(int max) {
        return Arbitraries.frequencyOf(
                of(8, goodText(Math.min(max, 40))),
                of(1, Arbitraries.of(text("", ""), text("", " \n"))),
                of(1, limit(max)),
                of(1, badText()));
    }

    /** Returns text that is not blank, with at most {@code max} characters. */
    static Arbitrary<SampleValue> nonBlankText(int max) {
        return Arbitraries.frequencyOf(
                of(8, goodText(Math.min(max, 40))),
                of(
                        1,
                        Arbitraries.of(
                                SampleValue.rejected("\"\""), SampleValue.rejected("\" \\t\\n\""))),
                of(1, limit(max)),
                of(1, badText()));
    }

    /** Returns the given values, or null as a valid value. */
    static Arbitrary<SampleValue> orNull(Arbitrary<SampleValue> others) {
        return Arbitraries.frequencyOf(
                of(6, others), of(1, Arbitraries.just(SampleValue.kept("null"))));
    }

    /** Returns the given values, or null as an invalid value. */
    static Arbitrary<SampleValue> neverNull(Arbitrary<SampleValue> others) {
        return Arbitraries.frequencyOf(
                of(15, others), of(1, Arbitraries.just(SampleValue.rejected("null"))));
    }

    private static Arbitrary<SampleValue> goodText(int max) {
        Arbitrary<String> cores =
                Combinators.combine(
                                Arbitraries.of("a", "Z", "9", "é", "計", "\uD83D\uDE80", "\"", "\\"),
                                Arbitraries.strings()
                                        .withChars("ab /-_\"\\\n\t\u0001\u2028é計")
                                        .ofMaxLength(max - 4),
                                Arbitraries.of("", "b", "ß", "\uD83D\uDE00", "}"))
                        .as((first, middle, last) -> first + middle + last)
                        .map(core -> core.substring(0, endOfText(core)));
        Arbitrary<SampleValue> strings =
                Combinators.combine(Arbitraries.of(SPACES), cores, Arbitraries.of(SPACES))
                        .as(
                                (before, core, after) ->
                                        SampleValue.normalised(
                                                quoted(before + core + after), quoted(core)));
        Arbitrary<SampleValue> numbers =
                Arbitraries.of("0", "-3", "17", "1.50", "1e3", "12345678901234567890")
                        .map(number -> SampleValue.normalised(number, quoted(number)));
        return Arbitraries.frequencyOf(of(9, strings), of(1, numbers));
    }

    /** Returns the index after the last character that is not white space. */
    private static int endOfText(String text) {
        int end = text.length();
        while (Character.isWhitespace(text.charAt(end - 1))
                || Character.isSpaceChar(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static Arbitrary<SampleValue> limit(int max) {
        if (max == Integer.MAX_VALUE) {
            return Arbitraries.just(SampleValue.kept(quoted("x".repeat(5_000))));
        }
        return Arbitraries.of(
                SampleValue.kept(quoted("x".repeat(max))),
                SampleValue.kept(quoted("\uD83D\uDE00".repeat(max))),
                SampleValue.normalised(
                        quoted(" " + "x".repeat(max) + " "), quoted("x".repeat(max))),
                SampleValue.rejected(quoted("x".repeat(max + 1))));
    }

    private static Arbitrary<SampleValue> badText() {
        List<String> bad = new ArrayList<>(NULL_FREE_NON_TEXTS);
        bad.add("\"a\\u0000b\"");
        bad.add("\"a\\ud83d\"");
        bad.add("\"\\ude00b\"");
        return Arbitraries.of(bad).map(SampleValue::rejected);
    }

    private static SampleValue text(String read, String sent) {
        return SampleValue.normalised(quoted(sent), quoted(read));
    }

    // --- other types

    /** Returns booleans in all accepted spellings, and invalid values. */
    static Arbitrary<SampleValue> flag() {
        return Arbitraries.frequencyOf(
                of(
                        6,
                        Arbitraries.of("true", "1", "\"yes\"", "\"On\"", "\"T\"", "\"y\"")
                                .map(sent -> SampleValue.normalised(sent, "true"))),
                of(
                        6,
                        Arbitraries.of("false", "0", "\"No\"", "\"off\"", "\" f \"", "\"N\"")
                                .map(sent -> SampleValue.normalised(sent, "false"))),
                of(
                        1,
                        Arbitraries.of("null", "2", "\"\"", "\"maybe\"", "[]", "{}", "1.5")
                                .map(SampleValue::rejected)));
    }

    /** Returns the wire values of an enum in the default profile, and invalid values. */
    static Arbitrary<SampleValue> choice(WireValue... values) {
        return choice(Arrays.stream(values).filter(ApiProfile.V2026_05::knows).toList());
    }

    private static Arbitrary<SampleValue> choice(List<? extends WireValue> values) {
        List<String> good = values.stream().map(value -> quoted(value.wire())).toList();
        List<String> bad = new ArrayList<>(List.of("null", "\"\"", "7", "true", "[]", "\"pear\""));
        bad.add(quoted(values.get(0).wire().toUpperCase(Locale.ROOT)));
        bad.add(quoted(" " + values.get(0).wire()));
        return Arbitraries.frequencyOf(
                of(12, Arbitraries.of(good).map(SampleValue::kept)),
                of(1, Arbitraries.of(bad).map(SampleValue::rejected)));
    }

    /** Returns a known id in all accepted spellings, an unknown id, and invalid values. */
    static Arbitrary<SampleValue> id(UUID known, UUID unknown) {
        String text = known.toString();
        return Arbitraries.frequencyOf(
                of(
                        10,
                        Arbitraries.of(
                                        text,
                                        text.toUpperCase(Locale.ROOT),
                                        text.replace("-", ""),
                                        " " + text)
                                .map(sent -> SampleValue.normalised(quoted(sent), quoted(text)))),
                of(1, Arbitraries.just(SampleValue.missing(quoted(unknown.toString())))),
                of(
                        1,
                        Arbitraries.of("\"x\"", "7", "[]", "true", quoted(text + "0"))
                                .map(SampleValue::rejected)));
    }

    /** Returns a known number in all accepted spellings, an unknown number, and invalid values. */
    static Arbitrary<SampleValue> number(long known, long unknown) {
        return Arbitraries.frequencyOf(
                of(
                        10,
                        Arbitraries.of("" + known, quoted("" + known), quoted(" 0" + known))
                                .map(sent -> SampleValue.normalised(sent, "" + known))),
                of(1, Arbitraries.just(SampleValue.missing("" + unknown))),
                of(
                        1,
                        Arbitraries.of("1.5", "true", "\"\"", "\"x\"", "[]", "{}")
                                .map(SampleValue::rejected)));
    }

    /** Returns random JSON. */
    static Arbitrary<String> json() {
        return json(3);
    }

    private static Arbitrary<String> json(int depth) {
        Arbitrary<String> leaves =
                Arbitraries.oneOf(
                        Arbitraries.of("null", "true", "false", "0", "-0", "0.10", "1E+2"),
                        Arbitraries.of("12345678901234567890123", "\"\\u0000\"", "\"\\ud83d\""),
                        Arbitraries.strings()
                                .withChars("ab\"\\/\n\u0001\u2028é計")
                                .ofMaxLength(6)
                                .map(WireJson::quoted));
        if (depth == 0) {
            return leaves;
        }
        return Arbitraries.frequencyOf(
                of(3, leaves),
                of(
                        1,
                        json(depth - 1)
                                .list()
                                .ofMaxSize(3)
                                .map(items -> "[" + String.join(",", items) + "]")),
                of(1, jsonObject(Arbitraries.of("a", "b", "", "pr_url", "計"), depth - 1)));
    }

    /** Returns a random JSON object with some of these members. */
    static Arbitrary<String> jsonObject(Arbitrary<String> names, int depth) {
        return Arbitraries.maps(names, json(depth))
                .ofMaxSize(4)
                .map(
                        members ->
                                members.entrySet().stream()
                                        .map(it -> quoted(it.getKey()) + ":" + it.getValue())
                                        .collect(Collectors.joining(",", "{", "}")));
    }

    private static <T> Tuple.Tuple2<Integer, Arbitrary<? extends T>> of(
            int weight, Arbitrary<? extends T> values) {
        return Tuple.of(weight, values);
    }
}
