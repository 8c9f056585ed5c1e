package dev.errand.http;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whole numbers in a query (contract D0, D1). */
final class WholeNumbers {

    private static final Pattern FORM = Pattern.compile("[+-]?[0-9]{1,1000}");
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private WholeNumbers() {}

    /** The number, or the nearest that a long holds; empty if the text is none. */
    static Optional<Long> parse(String text) {
        String trimmed = text.strip();
        return FORM.matcher(trimmed).matches()
                ? Optional.of(new BigInteger(trimmed).min(MAX).max(MIN).longValueExact())
                : Optional.empty();
    }
}
