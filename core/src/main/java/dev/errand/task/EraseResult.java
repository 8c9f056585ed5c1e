package dev.errand.task;

import dev.errand.spi.store.ErasedData;
import java.util.Objects;

/**
 * Result of {@link Tasks#erase} and {@link Tasks#eraseAll}.
 *
 * @param erased the numbers of items that were erased
 * @param isComplete false if a sandbox has not stopped yet; its task is deleted but not erased, and
 *     the call must be repeated
 */
public record EraseResult(ErasedData erased, boolean isComplete) {

    /** Rejects null components. */
    public EraseResult {
        Objects.requireNonNull(erased, "erased");
    }
}
