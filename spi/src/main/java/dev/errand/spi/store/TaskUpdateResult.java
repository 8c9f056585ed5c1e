package dev.errand.spi.store;

import dev.errand.spi.task.Task;

/** Result of {@link TaskStore#update}. */
public sealed interface TaskUpdateResult {

    /**
     * The update was stored.
     *
     * @param task the task in its new version
     */
    record Updated(Task task) implements TaskUpdateResult {}

    /**
     * The task has another version; nothing changed. The caller reads it again and decides again.
     */
    record Stale() implements TaskUpdateResult {}

    /** The project has no such task, or it was deleted; nothing changed. */
    record NotFound() implements TaskUpdateResult {}
}
