package dev.errand.spi.dispatch;

import dev.errand.spi.run.RunChange;
import java.util.Objects;

/**
 * The last change that the holder of a lease makes to a run: nothing is owed after it, and the
 * lease ends with it.
 *
 * @param change the change, made under the lease
 */
public record Settlement(RunChange change) {

    /**
     * Checks that the change settles what the lease was for.
     *
     * @throws IllegalArgumentException if the change is under no lease, leaves something owed, or
     *     carries an idempotency key: its lease already makes a repetition recognisable
     */
    public Settlement {
        Objects.requireNonNull(change, "change");
        if (change.lease().isEmpty()) {
            throw new IllegalArgumentException("a settlement is made under a lease");
        }
        if (change.after().dispatch().phase().isActive()) {
            throw new IllegalArgumentException(
                    "run " + change.after().id() + " would still be owed something");
        }
        if (change.key().isPresent()) {
            throw new IllegalArgumentException("a settlement carries no key");
        }
    }
}
