package dev.errand.retention;

import dev.errand.spi.store.ErasedData;
import java.time.Duration;
import java.util.Objects;

/**
 * Result of one pass of a {@link Housekeeper}.
 *
 * @param erased the numbers of erased items; {@link ErasedData#objects} counts the objects that the
 *     object store deleted
 * @param lag how long the oldest of them was overdue; zero if nothing was erased
 */
public record HousekeepingResult(ErasedData erased, Duration lag) {

    /** Rejects null components. */
    public HousekeepingResult {
        Objects.requireNonNull(erased, "erased");
        Objects.requireNonNull(lag, "lag");
    }
}
