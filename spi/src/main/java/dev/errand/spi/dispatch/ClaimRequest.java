package dev.errand.spi.dispatch;

import java.time.Duration;
import java.util.Objects;

/**
 * Who claims how many runs, for how long.
 *
 * @param owner the claiming node
 * @param max maximum number of runs, 0 or more
 * @param leaseFor how long each lease lasts unless it is renewed
 * @param limits how many runs may be executed at a time, by whomever
 */
public record ClaimRequest(String owner, int max, Duration leaseFor, ConcurrencyLimits limits) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if {@code max} is negative, {@code leaseFor} is not
     *     positive, or {@code owner} is blank
     */
    public ClaimRequest {
        Objects.requireNonNull(leaseFor, "leaseFor");
        Objects.requireNonNull(limits, "limits");
        if (owner.isBlank()) {
            throw new IllegalArgumentException("owner must not be blank");
        }
        if (max < 0 || leaseFor.isZero() || leaseFor.isNegative()) {
            throw new IllegalArgumentException(
                    "max must not be negative and leaseFor must be positive: "
                            + max
                            + ", "
                            + leaseFor);
        }
    }

    /** A request without limits. */
    public ClaimRequest(String owner, int max, Duration leaseFor) {
        this(owner, max, leaseFor, ConcurrencyLimits.NONE);
    }

    /** The same request within these limits. */
    public ClaimRequest within(ConcurrencyLimits changed) {
        return new ClaimRequest(owner, max, leaseFor, changed);
    }
}
