package dev.errand.spi.dispatch;

import dev.errand.spi.Timestamps;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What the executor still owes a run (design 5): the intent to launch it, the sandbox that was
 * launched, and a stop that was asked for. Part of the run's own row, so that a run and its intent
 * are one step.
 *
 * @param phase how far the execution is
 * @param attempt 0 when no execution was ever asked for, else which execution this is; with the
 *     run's id it names one sandbox
 * @param failures how many launches failed since the run was queued
 * @param queuedAt when the execution was asked for; the dispatch window counts from here (contract
 *     G6)
 * @param dueAt from when on a dispatcher without a live competitor should act; present exactly
 *     while something is owed
 * @param handle what the launcher called the sandbox
 * @param lastFailure why the last launch failed
 * @param stop why the sandbox is to be stopped, once somebody asked
 * @param priority how urgent it is among the waiting runs of its project, {@value #LOWEST_PRIORITY}
 *     to {@value #HIGHEST_PRIORITY}; 0 unless the host said otherwise
 * @param timeouts how long it may take, where that is not what the engine says of all runs
 */
public record DispatchState(
        Phase phase,
        int attempt,
        int failures,
        Optional<Instant> queuedAt,
        Optional<Instant> dueAt,
        Optional<String> handle,
        Optional<String> lastFailure,
        Optional<StopReason> stop,
        int priority,
        RunTimeouts timeouts) {

    /** The least urgent. */
    public static final int LOWEST_PRIORITY = -100;

    /** The most urgent. */
    public static final int HIGHEST_PRIORITY = 100;

    /** Nothing was ever owed: a run that was only recorded. */
    public static final DispatchState NONE =
            new DispatchState(
                    Phase.NONE,
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    RunTimeouts.NONE);

    /** How far an execution is. */
    public enum Phase {
        /** No execution was asked for. */
        NONE,
        /** A sandbox is owed. */
        WAITING,
        /** A sandbox was launched and is to be watched to its end. */
        LAUNCHED,
        /** Nothing is owed any more. */
        DONE;

        /** Whether a dispatcher has something to do in this phase. */
        public boolean isActive() {
            return this == WAITING || this == LAUNCHED;
        }
    }

    /** Why a sandbox is to be stopped before it ends by itself. */
    public enum StopReason {
        /** The run was cancelled. */
        CANCELLED,
        /** The run's task was deleted. */
        TASK_DELETED,
        /** The run ended by a report; its sandbox gets a grace period. */
        ENDED,
        /** The run went back to a person's machine (contract G5). */
        HANDOFF,
        /** The run took longer than it may. */
        TIME_LIMIT,
        /** The run was silent for longer than it may be. */
        INACTIVITY
    }

    /**
     * Checks that a due time is there exactly while something is owed, and cuts times to the stored
     * precision.
     *
     * @throws IllegalArgumentException if the parts do not fit together, or {@code priority} is
     *     outside {@value #LOWEST_PRIORITY} to {@value #HIGHEST_PRIORITY}
     */
    public DispatchState {
        Objects.requireNonNull(handle, "handle");
        Objects.requireNonNull(lastFailure, "lastFailure");
        Objects.requireNonNull(stop, "stop");
        Objects.requireNonNull(timeouts, "timeouts");
        if (priority < LOWEST_PRIORITY || priority > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority must be %d to %d, not %d"
                            .formatted(LOWEST_PRIORITY, HIGHEST_PRIORITY, priority));
        }
        if (phase.isActive() != dueAt.isPresent()) {
            throw new IllegalArgumentException("phase " + phase + " does not fit dueAt " + dueAt);
        }
        if (attempt < 0 || failures < 0 || (phase == Phase.NONE) != (attempt == 0)) {
            throw new IllegalArgumentException(
                    "phase "
                            + phase
                            + " does not fit attempt "
                            + attempt
                            + ", failures "
                            + failures);
        }
        queuedAt = Timestamps.truncate(queuedAt);
        dueAt = Timestamps.truncate(dueAt);
    }

    /**
     * Whether the execution was begun and not given up: its sandbox was launched, or somebody
     * claimed it and holds its latest lease, however late.
     *
     * @param isLeased whether the run has a lease that was not given back
     */
    public boolean countsAgainstLimit(boolean isLeased) {
        return phase == Phase.LAUNCHED || phase == Phase.WAITING && isLeased;
    }

    /**
     * Whether the execution is to be begun: it needs a place, and its turn comes by its priority.
     *
     * @param isLeased whether the run has a lease that was not given back
     */
    public boolean isWaitingToStart(boolean isLeased) {
        return phase == Phase.WAITING && stop.isEmpty() && !isLeased;
    }

    /** The same on other terms; whatever was done stays as it is. */
    public DispatchState withScheduling(int newPriority, RunTimeouts newDeadlines) {
        return new DispatchState(
                phase,
                attempt,
                failures,
                queuedAt,
                dueAt,
                handle,
                lastFailure,
                stop,
                newPriority,
                newDeadlines);
    }

    /** A new execution, owed from now on, under the next attempt and on the same terms. */
    public DispatchState queued(Instant now) {
        return new DispatchState(
                Phase.WAITING,
                attempt + 1,
                0,
                Optional.of(now),
                Optional.of(now),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                priority,
                timeouts);
    }

    /** The sandbox of this attempt was launched and is to be watched. */
    public DispatchState launched(String sandbox, Instant now) {
        return new DispatchState(
                Phase.LAUNCHED,
                attempt,
                failures,
                queuedAt,
                Optional.of(now),
                Optional.of(sandbox),
                lastFailure,
                stop,
                priority,
                timeouts);
    }

    /** This attempt's launch failed; the next one is owed from {@code retryAt} on. */
    public DispatchState launchFailed(String cause, Instant retryAt) {
        return new DispatchState(
                Phase.WAITING,
                attempt + 1,
                failures + 1,
                queuedAt,
                Optional.of(retryAt),
                Optional.empty(),
                Optional.of(cause),
                stop,
                priority,
                timeouts);
    }

    /**
     * The sandbox is to be stopped from {@code at} on. An earlier cause stands, unless it was a
     * handoff, which leaves the run's end to others.
     */
    public DispatchState stopping(StopReason cause, Instant at) {
        return stop.filter(earlier -> earlier != StopReason.HANDOFF).isPresent()
                ? this
                : new DispatchState(
                        phase,
                        attempt,
                        failures,
                        queuedAt,
                        dueAt.map(due -> at),
                        handle,
                        lastFailure,
                        Optional.of(cause),
                        priority,
                        timeouts);
    }

    /** Nothing is owed any more; what was done stays readable. */
    public DispatchState done() {
        return phase == Phase.NONE
                ? this
                : new DispatchState(
                        Phase.DONE,
                        attempt,
                        failures,
                        queuedAt,
                        Optional.empty(),
                        handle,
                        lastFailure,
                        stop,
                        priority,
                        timeouts);
    }
}
