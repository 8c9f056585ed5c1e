package dev.errand.spi.store;

import java.util.Objects;

/**
 * The last update that the holder of a lease makes to a run: the run needs no further dispatcher
 * action, and the lease ends.
 *
 * @param change the update, with a lease and without a key
 */
public record Settlement(RunChange change) {

    /**
     * Checks the change.
     *
     * @throws IllegalArgumentException if the change has no lease, still needs dispatcher action,
     *     or has an idempotency key. A settlement needs no key: the lease ends with it, so a
     *     repetition is rejected
     */
    public Settlement {
        Objects.requireNonNull(change, "change");
        if (change.lease().isEmpty()) {
            throw new IllegalArgumentException("a settlement needs a lease");
        }
        if (change.after().entry().isPresent()) {
            throw new IllegalArgumentException(
                    "run " + change.after().run().id() + " would still need dispatcher action");
        }
        if (change.key().isPresent()) {
            throw new IllegalArgumentException("a settlement must not have an idempotency key");
        }
    }
}
