package dev.errand.spi.store;

/** Result of an update of a run. */
public sealed interface RunUpdateResult {

    /**
     * The update was stored.
     *
     * @param run the run and its queue entry in their new version
     */
    record Updated(StoredRun run) implements RunUpdateResult {}

    /**
     * The run has another version; nothing changed. The caller decides again.
     *
     * @param current the run and its queue entry in their current version
     */
    record Stale(StoredRun current) implements RunUpdateResult {}

    /**
     * The lease is no longer the run's latest, or was released; nothing changed. Its owner must
     * stop acting on the run.
     */
    record LeaseLost() implements RunUpdateResult {}

    /** The project's task has no such run; nothing changed. */
    record NotFound() implements RunUpdateResult {}

    /**
     * The same request succeeded before under the same key; nothing changed now.
     *
     * @param first the first answer
     */
    record Replayed(TaskWithLatestRun first) implements RunUpdateResult {}

    /** The key was used before for another request; nothing changed. */
    record KeyConflict() implements RunUpdateResult {}
}
