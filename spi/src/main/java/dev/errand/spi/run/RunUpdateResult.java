package dev.errand.spi.run;

import dev.errand.spi.task.TaskWithLatestRun;

/** What became of a conditional change of a run. */
public sealed interface RunUpdateResult {

    /** The condition held; the run is now this. */
    record Advanced(Run run) implements RunUpdateResult {}

    /** Another change came first; this is what stands. Nothing changed now: decide anew. */
    record Stale(Run current) implements RunUpdateResult {}

    /** The lease is not the run's latest any more. Nothing changed: its owner must stop acting. */
    record LeaseLost() implements RunUpdateResult {}

    /** There is no such run under the task in the project. Nothing changed. */
    record Missing() implements RunUpdateResult {}

    /** The same request happened before under the same key; nothing changed now. */
    record Replayed(TaskWithLatestRun first) implements RunUpdateResult {}

    /** The key was used before for another request; nothing changed. */
    record KeyConflict() implements RunUpdateResult {}
}
