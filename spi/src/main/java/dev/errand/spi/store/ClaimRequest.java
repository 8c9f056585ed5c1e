package dev.errand.spi.store;

import java.time.Duration;
import java.util.Objects;

/**
 * The parameters of a claim.
 *
 * @param owner the name of the claiming node
 * @param max maximum number of runs; 0 claims none
 * @param leaseFor the duration of each lease
 * @param limits limits on the number of runs that are dispatched at the same time
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
                    "max must not be negative and leaseFor must be positive, but max is "
                            + max
                            + " and leaseFor is "
                            + leaseFor);
        }
    }

    /** Creates a request without limits. */
    public ClaimRequest(String owner, int max, Duration leaseFor) {
        this(owner, max, leaseFor, ConcurrencyLimits.NONE);
    }

    /** Returns a copy with the given maximum number of runs. */
    public ClaimRequest withMax(int changed) {
        return new ClaimRequest(owner, changed, leaseFor, limits);
    }

    /** Returns a copy with the given limits. */
    public ClaimRequest withLimits(ConcurrencyLimits changed) {
        return new ClaimRequest(owner, max, leaseFor, changed);
    }
}
