package dev.errand.testkit;

import static dev.errand.error.ErrorCode.BLANK;
import static dev.errand.error.ErrorCode.INVALID_CHOICE;
import static dev.errand.error.ErrorCode.INVALID_INPUT;
import static dev.errand.error.ErrorCode.MAX_LENGTH;
import static dev.errand.error.ErrorCode.MAX_VALUE;
import static dev.errand.error.ErrorCode.MIN_VALUE;
import static dev.errand.error.ErrorCode.NOT_A_DICT;
import static dev.errand.error.ErrorCode.NOT_A_LIST;
import static dev.errand.error.ErrorCode.NULL;

import dev.errand.error.ErrorCode;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.WireValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/**
 * A member of a request with its valid and invalid values.
 *
 * @param name the name in JSON
 * @param isRequired whether the request is invalid without the member
 * @param good the valid values
 * @param bad the invalid values with the expected errors
 */
record Member(String name, boolean isRequired, Arbitrary<String> good, List<Bad> bad) {

    private static final int LONG_TEXT = 60;

    /** An invalid value; {@code under} is the path from the member to the invalid part. */
    record Bad(@Nullable String json, ErrorCode code, String under) {
        static Bad of(String json, ErrorCode code) {
            return new Bad(json, code, "");
        }
    }

    /** A text that may be empty. */
    static Member text(String name, int max) {
        return new Member(
                name,
                false,
                texts(0, max),
                with(tooLong(max), Bad.of("null", NULL), Bad.of("[]", INVALID_INPUT)));
    }

    /** A text that must not be blank. */
    static Member nonBlank(String name, int max) {
        Member text = text(name, max);
        return new Member(name, false, texts(1, max), with(text.bad, Bad.of("\"  \"", BLANK)));
    }

    static Member flag(String name) {
        return new Member(
                name,
                false,
                Arbitraries.of("true", "false", "1", "\"no\""),
                List.of(Bad.of("\"maybe\"", INVALID_INPUT), Bad.of("null", NULL)));
    }

    static Member choice(String name, WireValue... values) {
        return new Member(
                name,
                false,
                Arbitraries.of(
                        Arrays.stream(values)
                                .filter(ApiProfile.V2026_05::knows)
                                .map(value -> quoted(value.wire()))
                                .toList()),
                List.of(Bad.of("\"no such thing\"", INVALID_CHOICE), Bad.of("null", NULL)));
    }

    static Member uuid(String name) {
        return new Member(
                name,
                false,
                Arbitraries.randomValue(
                        random ->
                                quoted(new UUID(random.nextLong(), random.nextLong()).toString())),
                List.of(Bad.of("\"x\"", INVALID_INPUT), Bad.of("7.5", INVALID_INPUT)));
    }

    static Member number(String name, long min, long max) {
        List<Bad> bad = new ArrayList<>(List.of(Bad.of("\"many\"", INVALID_INPUT)));
        if (min > Long.MIN_VALUE) {
            bad.add(Bad.of(Long.toString(min - 1), MIN_VALUE));
        }
        if (max < Long.MAX_VALUE) {
            bad.add(Bad.of(Long.toString(max + 1), MAX_VALUE));
        }
        return new Member(
                name, false, Arbitraries.longs().between(min, max).map(String::valueOf), bad);
    }

    /** Any JSON value except null. */
    static Member anything(String name) {
        return new Member(
                name,
                false,
                Arbitraries.of("{\"pr_url\":\"u\"}", "{}", "[1,\"a\"]", "\"text\"", "1.50", "true"),
                List.of());
    }

    static Member object(String name) {
        return new Member(
                name,
                false,
                Arbitraries.of("{}", "{\"k\":1}", "{\"own\":{\"deep\":[null]}}"),
                List.of(Bad.of("[]", NOT_A_DICT), Bad.of("7", NOT_A_DICT)));
    }

    static Member list(String name, Member items, int min, ErrorCode whenTooFew) {
        List<Bad> bad = new ArrayList<>(List.of(Bad.of("{}", NOT_A_LIST), Bad.of("7", NOT_A_LIST)));
        if (min > 0) {
            bad.add(Bad.of("[]", whenTooFew));
        }
        for (Bad item : items.bad) {
            String under = "__0" + item.under;
            bad.add(new Bad("[" + item.json + "]", item.code, under));
        }
        return new Member(
                name,
                false,
                items.good
                        .list()
                        .ofMinSize(min)
                        .ofMaxSize(4)
                        .map(all -> "[" + String.join(",", all) + "]"),
                bad);
    }

    /** Returns a copy that is required. */
    Member required() {
        return new Member(name, true, good, bad);
    }

    /** Returns a copy that may also be null. */
    Member orNull() {
        return new Member(
                name,
                isRequired,
                Arbitraries.oneOf(good, Arbitraries.just("null")),
                bad.stream().filter(wrong -> wrong.code != NULL).toList());
    }

    /** Returns a copy with the given valid values only. */
    Member good(String... values) {
        return new Member(name, isRequired, Arbitraries.of(values), bad);
    }

    /** Returns a copy with an additional invalid value. */
    Member bad(String json, ErrorCode code) {
        return new Member(name, isRequired, good, with(bad, Bad.of(json, code)));
    }

    private static Arbitrary<String> texts(int min, int max) {
        return Arbitraries.strings()
                .withChars("abc /-_\"\\計é")
                .ofMinLength(min)
                .ofMaxLength(Math.min(max, LONG_TEXT))
                .map(text -> min > 0 ? "x" + text.substring(1) : text)
                .map(Member::quoted);
    }

    private static List<Bad> tooLong(int max) {
        return max == Integer.MAX_VALUE
                ? List.of()
                : List.of(Bad.of(quoted("x".repeat(max + 1)), MAX_LENGTH));
    }

    private static List<Bad> with(List<Bad> some, Bad... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars()
                .forEach(
                        c -> {
                            if (c == '"' || c == '\\') {
                                quoted.append('\\').append((char) c);
                            } else if (c < ' ') {
                                quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
                            } else {
                                quoted.append((char) c);
                            }
                        });
        return quoted.append('"').toString();
    }
}
