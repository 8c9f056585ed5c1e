package dev.errand.spi.task;

/** What became of a conditional change of a task. */
public sealed interface TaskUpdateResult {

    /** The version still held; the task is now this. */
    record Advanced(Task task) implements TaskUpdateResult {}

    /** Another change came first: read again and decide anew. Nothing changed. */
    record Stale() implements TaskUpdateResult {}

    /** There is no such task in the project, or it was deleted. Nothing changed. */
    record Missing() implements TaskUpdateResult {}
}
