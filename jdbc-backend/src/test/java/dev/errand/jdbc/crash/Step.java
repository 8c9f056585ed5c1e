package dev.errand.jdbc.crash;

import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One request of the load, as the journal has it: enough to make it again.
 *
 * @param mark a name that no other step has; it is written into whatever the step makes
 * @param kind what is asked
 * @param on the task, the run, and what else the kind needs, in this order
 */
record Step(String mark, Kind kind, List<String> on) {

    /** What is asked, and whether under an idempotency key. */
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

        /** Whether a repetition after a lost reply must find the first effect. */
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

    /** The ids of the artifacts that a run consumes, or of the one that is finalised. */
    List<String> artifacts() {
        return switch (kind) {
            case RUN_TASK -> on.subList(1, on.size());
            case FINALIZE -> List.of(on.get(1));
            default -> List.of();
        };
    }

    /** Where the object of an upload is. */
    String storagePath() {
        return on.get(2);
    }
}
