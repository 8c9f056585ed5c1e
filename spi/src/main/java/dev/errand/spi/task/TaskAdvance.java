package dev.errand.spi.task;

/** What became of a conditional change of a task. */
public sealed interface TaskAdvance {

    /** The version still held; the task is now this. */
    record Advanced(Task task) implements TaskAdvance {}

    /** Another change came first: read again and decide anew. Nothing changed. */
    record Stale() implements TaskAdvance {}

    /** There is no such task in the project, or it was deleted. Nothing changed. */
    record Missing() implements TaskAdvance {}
}
