package dev.errand.dispatch;

import java.time.Duration;

/**
 * Limits how often and how long a run waits when its agent has reached a limit of its provider. A
 * run that may not wait fails (docs/operations.md#provider-limits).
 *
 * @param maxWaits how often a run waits, at least 0; default 5
 * @param maxWait the longest single wait; default 24 hours
 */
public record ProviderLimitPolicy(int maxWaits, Duration maxWait) {

    /** Up to 5 waits of up to 24 hours each. */
    public static final ProviderLimitPolicy DEFAULT =
            new ProviderLimitPolicy(5, Duration.ofHours(24));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code maxWaits} is negative, or {@code maxWait} is not
     *     positive
     */
    public ProviderLimitPolicy {
        Positive.require("maxWait", maxWait);
        if (maxWaits < 0) {
            throw new IllegalArgumentException("maxWaits must be 0 or more, not " + maxWaits);
        }
    }
}
