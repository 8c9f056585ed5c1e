package dev.errand.task;

/** The maximum sizes of the members of tasks (docs/wire/tasks.md#l7). */
public final class TaskLimits {

    /** How many repositories a task may have. */
    public static final int MAX_REPOSITORIES = 10;

    private TaskLimits() {}
}
