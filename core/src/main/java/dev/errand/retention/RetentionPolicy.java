package dev.errand.retention;

import dev.errand.spi.run.RunStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Says when data is erased. Immutable.
 *
 * <p>Expired uploads, secrets and idempotency keys are erased in any case. They have lifetimes of
 * their own (docs/wire/artifacts.md#h7, docs/wire/idempotency-and-limits.md#j29).
 *
 * @param deletedTasks how long a deleted task is kept, with its runs, logs and objects
 * @param endedTasks how long a task is kept after its latest run ended, by the status of that run;
 *     a task is kept for ever if the status of its latest run is not a key of this map
 * @param logs how long the log of a run is kept after the run ended; for ever if empty
 */
public record RetentionPolicy(
        Duration deletedTasks, Map<RunStatus, Duration> endedTasks, Optional<Duration> logs) {

    /** Deleted tasks are kept for 30 days, all other tasks and all logs for ever. */
    public static final RetentionPolicy DEFAULT =
            new RetentionPolicy(Duration.ofDays(30), Map.of(), Optional.empty());

    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException if a duration is negative, or a status is not terminal
     */
    public RetentionPolicy {
        requireNotNegative("deletedTasks", deletedTasks);
        endedTasks = Map.copyOf(endedTasks);
        endedTasks.forEach(
                (status, kept) -> {
                    if (!status.isTerminal()) {
                        throw new IllegalArgumentException(
                                "endedTasks needs terminal statuses, not " + status.wire());
                    }
                    requireNotNegative("endedTasks of " + status.wire(), kept);
                });
        logs.ifPresent(kept -> requireNotNegative("logs", kept));
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, but is " + value);
        }
    }

    /** Returns a copy that keeps deleted tasks for the given time. */
    public RetentionPolicy withDeletedTasks(Duration kept) {
        return new RetentionPolicy(kept, endedTasks, logs);
    }

    /**
     * Returns a copy that keeps tasks for the given time after their latest run ended with the
     * given status.
     */
    public RetentionPolicy withEndedTasks(RunStatus status, Duration kept) {
        Map<RunStatus, Duration> changed = new HashMap<>(endedTasks);
        changed.put(status, kept);
        return new RetentionPolicy(deletedTasks, changed, logs);
    }

    /** Returns a copy that keeps the log of a run for the given time after the run ended. */
    public RetentionPolicy withLogs(Duration kept) {
        return new RetentionPolicy(deletedTasks, endedTasks, Optional.of(kept));
    }
}
