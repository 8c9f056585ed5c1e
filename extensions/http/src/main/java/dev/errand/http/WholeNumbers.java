package dev.errand.http;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Parses whole numbers in query parameters (docs/wire/conventions.md#d0, docs/wire/tasks.md#d1).
 */
final class WholeNumbers {

    private static final Pattern FORM = Pattern.compile("[+-]?[0-9]{1,1000}");
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private WholeNumbers() {}

    /** Returns the number, clamped to the range of long; empty if the text is not a number. */
    static Optional<Long> parse(String text) {
        String trimmed = text.strip();
        return FORM.matcher(trimmed).matches()
                ? Optional.of(new BigInteger(trimmed).min(MAX).max(MIN).longValueExact())
                : Optional.empty();
    }
}
