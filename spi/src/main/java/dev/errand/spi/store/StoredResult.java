package dev.errand.spi.store;

/** What {@link RunStore#findStoredResult} found for a key that was used before. */
public sealed interface StoredResult {

    /**
     * The same request succeeded before under the same key.
     *
     * @param first the first answer
     */
    record Replayed(TaskWithLatestRun first) implements StoredResult {}

    /** The key was used before for another request. */
    record KeyConflict() implements StoredResult {}
}
