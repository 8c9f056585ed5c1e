package dev.errand.jdbc.crash;

import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A request of the workload, as recorded in the journal, complete enough to repeat it.
 *
 * @param mark a unique name of the step, which is stored in the objects that the step creates
 * @param kind the kind of request
 * @param on the task, the run, and further arguments of the kind, in this order
 */
record Step(String mark, Kind kind, List<String> on) {

    /** The kind of request, and whether it has an idempotency key. */
    enum Kind {
        CREATE_TASK(false),
        CREATE_TASK_KEYED(true),
        PREPARE(false),
        FINALIZE(false),
        RUN_TASK(true),
        CREATE_RUN(true),
        START_RUN(true),
        ADVANCE(false),
        SET_OUTPUT(false),
        APPEND_LOG(true);

        private final boolean keyed;

        Kind(boolean keyed) {
            this.keyed = keyed;
        }

        /** Returns whether a repetition after a lost response must find the first effect. */
        boolean isKeyed() {
            return keyed;
        }

        boolean createsTask() {
            return this == CREATE_TASK || this == CREATE_TASK_KEYED;
        }

        boolean createsRun() {
            return this == RUN_TASK || this == CREATE_RUN;
        }

        boolean changesRun() {
            return this == START_RUN || this == ADVANCE || this == SET_OUTPUT;
        }
    }

    Step {
        on = List.copyOf(on);
    }

    Optional<String> key() {
        return kind.isKeyed() ? Optional.of("key of " + mark) : Optional.empty();
    }

    TaskId task() {
        return TaskId.of(UUID.fromString(on.get(0)));
    }

    RunId run() {
        return RunId.of(UUID.fromString(on.get(1)));
    }

    RunStatus status() {
        return RunStatus.valueOf(on.get(2));
    }

    /**
     * Returns the ids of the artifacts that a run consumes, or of the artifact that is finalized.
     */
    List<String> artifacts() {
        return switch (kind) {
            case RUN_TASK -> on.subList(1, on.size());
            case FINALIZE -> List.of(on.get(1));
            default -> List.of();
        };
    }

    /** Returns the storage path of an upload. */
    String storagePath() {
        return on.get(2);
    }
}
