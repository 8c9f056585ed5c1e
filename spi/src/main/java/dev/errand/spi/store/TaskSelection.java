package dev.errand.spi.store;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Objects;

/** Selects the tasks that {@link RetentionStore#eraseTasks} erases. */
public sealed interface TaskSelection {

    /**
     * The tasks of all projects that were deleted before a time.
     *
     * @param time the time, exclusive
     */
    record DeletedBefore(Instant time) implements TaskSelection {

        /** Rejects null components. */
        public DeletedBefore {
            Objects.requireNonNull(time, "time");
        }
    }

    /**
     * The tasks, in all projects, whose latest run ended before a time with the given terminal
     * status, and whose other runs are all terminal.
     *
     * @param status the status of the latest run
     * @param time the time, exclusive
     */
    record EndedBefore(RunStatus status, Instant time) implements TaskSelection {

        /**
         * Checks the status.
         *
         * @throws IllegalArgumentException if {@code status} is not terminal
         */
        public EndedBefore {
            Objects.requireNonNull(time, "time");
            if (!status.isTerminal()) {
                throw new IllegalArgumentException("status must be terminal, not " + status.wire());
            }
        }
    }

    /**
     * One task, whether it was deleted or not.
     *
     * @param project its project
     * @param task its id
     */
    record Single(ProjectId project, TaskId task) implements TaskSelection {

        /** Rejects null components. */
        public Single {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(task, "task");
        }
    }

    /**
     * All tasks of a project, whether they were deleted or not. The numbers of erased tasks are not
     * used again.
     *
     * @param project the project
     */
    record OfProject(ProjectId project) implements TaskSelection {

        /** Rejects null components. */
        public OfProject {
            Objects.requireNonNull(project, "project");
        }
    }
}
