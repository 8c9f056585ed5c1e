package dev.errand.spi.store;

/**
 * Result of an insertion that may carry an idempotency key.
 *
 * @param <T> what was inserted
 */
public sealed interface InsertResult<T> {

    /** The values were inserted. */
    record Inserted<T>(T value) implements InsertResult<T> {}

    /**
     * The same request succeeded before under the same key; nothing changed now.
     *
     * @param first the first answer
     */
    record Replayed<T>(T first) implements InsertResult<T> {}

    /** The key was used before for another request; nothing changed. */
    record KeyConflict<T>() implements InsertResult<T> {}
}
