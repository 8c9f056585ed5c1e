package dev.errand.spi.run;

import dev.errand.spi.ProjectId;
import dev.errand.spi.task.Task;
import java.util.Objects;
import java.util.Optional;

/**
 * A committed creation, change or deletion, or a question of an agent, as reported to listeners
 * (docs/wire/runs.md#g7).
 */
public sealed interface RunEvent {

    /** A task was created. */
    record TaskCreated(Task task) implements RunEvent {}

    /** A task was deleted. */
    record TaskDeleted(Task task) implements RunEvent {}

    /**
     * The agent of a run asks for a permission and waits for the answer of a person. Reported again
     * if the agent logs the request again.
     *
     * @param project the project of the run
     * @param run the run
     * @param request the request
     */
    record PermissionRequested(ProjectId project, RunId run, PermissionRequest request)
            implements RunEvent {

        /** Rejects null components. */
        public PermissionRequested {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(request, "request");
        }
    }

    /**
     * A permission request of an agent is answered, or needs no answer any more.
     *
     * @param project the project of the run
     * @param run the run
     * @param requestId the {@linkplain PermissionRequest#id() id} of the request
     */
    record PermissionResolved(ProjectId project, RunId run, String requestId) implements RunEvent {

        /** Rejects null components. */
        public PermissionResolved {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(requestId, "requestId");
        }
    }

    /**
     * A run was created or changed. {@link Run#version()} is the sequence number of the event.
     *
     * @param before the run before the change; empty if it was created
     * @param run the run after the change
     */
    record RunChanged(Optional<Run> before, Run run) implements RunEvent {

        /** Rejects null components. */
        public RunChanged {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(run, "run");
        }

        /** Whether the run ended with this change. */
        public boolean isEnd() {
            return run.status().isTerminal()
                    && before.map(earlier -> !earlier.status().isTerminal()).orElse(true);
        }
    }
}
