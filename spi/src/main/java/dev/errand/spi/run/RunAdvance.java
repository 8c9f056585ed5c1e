package dev.errand.spi.run;

import dev.errand.spi.task.TaskWithRun;

/** What became of a conditional change of a run. */
public sealed interface RunAdvance {

    /** The condition held; the run is now this. */
    record Advanced(Run run) implements RunAdvance {}

    /** Another change came first; this is what stands. Nothing changed now: decide anew. */
    record Stale(Run current) implements RunAdvance {}

    /** The lease is not the run's latest any more. Nothing changed: its owner must stop acting. */
    record LeaseLost() implements RunAdvance {}

    /** There is no such run under the task in the project. Nothing changed. */
    record Missing() implements RunAdvance {}

    /** The same request happened before under the same key; nothing changed now. */
    record Replayed(TaskWithRun first) implements RunAdvance {}

    /** The key was used before for another request; nothing changed. */
    record KeyConflict() implements RunAdvance {}
}
