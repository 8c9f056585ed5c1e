package dev.errand.retention;

import dev.errand.spi.store.ErasedData;
import java.time.Duration;
import java.util.Objects;

/**
 * Result of one pass of a {@link Housekeeper}.
 *
 * @param deleted the numbers of deleted items; {@link ErasedData#objects} counts the objects that
 *     the object store deleted
 * @param lag how long the oldest of them was overdue; zero if nothing was deleted
 */
public record HousekeepingResult(ErasedData deleted, Duration lag) {

    /** Rejects null components. */
    public HousekeepingResult {
        Objects.requireNonNull(deleted, "deleted");
        Objects.requireNonNull(lag, "lag");
    }
}
