package dev.errand.spi.run;

import dev.errand.spi.task.Task;
import java.util.Objects;
import java.util.Optional;

/** A committed creation, change or deletion, as reported to listeners (docs/wire/runs.md#g7). */
public sealed interface RunEvent {

    /** A task was created. */
    record TaskCreated(Task task) implements RunEvent {}

    /** A task was deleted. */
    record TaskDeleted(Task task) implements RunEvent {}

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
