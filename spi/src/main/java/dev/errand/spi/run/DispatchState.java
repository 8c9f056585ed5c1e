package dev.errand.spi.run;

import dev.errand.spi.Timestamps;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The dispatch state of a run: whether a sandbox is to be launched, which one was launched, and
 * whether it is to be stopped. It is stored with the run, so that both change in one transaction.
 *
 * @param phase the phase of the dispatch
 * @param attempt 0 if no dispatch was requested, else the number of the current attempt; together
 *     with the run's id it identifies one sandbox
 * @param failures number of failed launches since the run was queued
 * @param queuedAt when dispatch was last requested; the dispatch window starts here
 *     (docs/wire/runs.md#g6)
 * @param dueAt the time from which a dispatcher may claim the run; once the sandbox was launched,
 *     the time of the launch; once a stop was requested, {@link #stopRequestedAt()}; present
 *     exactly if the phase is {@linkplain Phase#isActive active}
 * @param handle an identifier by which people find the sandbox at the launcher
 * @param lastFailure why the last launch failed
 * @param stop why the sandbox is to be stopped; empty if it is not
 * @param priority the priority among the waiting runs of the project, {@value #LOWEST_PRIORITY} to
 *     {@value #HIGHEST_PRIORITY}, 0 by default
 * @param timeouts time limits of this run that override the engine's
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

    /** The lowest priority. */
    public static final int LOWEST_PRIORITY = -100;

    /** The highest priority. */
    public static final int HIGHEST_PRIORITY = 100;

    /** The state of a run whose dispatch was never requested. */
    public static final DispatchState NOT_REQUESTED =
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
                    RunTimeouts.DEFAULTS);

    /** The phase of a run's dispatch. */
    public enum Phase {
        /** No dispatch was requested. */
        NONE,
        /** A sandbox is to be launched. */
        WAITING,
        /** A sandbox was launched and is to be supervised until it exits. */
        LAUNCHED,
        /** No further dispatcher action is needed. */
        DONE;

        /** Whether the run needs dispatcher action. */
        public boolean isActive() {
            return this == WAITING || this == LAUNCHED;
        }
    }

    /** Why a sandbox is stopped before it exits by itself. */
    public enum StopReason {
        /** The run was cancelled. */
        CANCELLED,
        /** The run's task was deleted. */
        TASK_DELETED,
        /** The run reported its end; the sandbox has a grace period to exit. */
        ENDED,
        /** The run continues on a person's machine (docs/wire/runs.md#g5). */
        HANDOFF,
        /** The run exceeded its time limit. */
        TIME_LIMIT,
        /** The run was inactive for too long. */
        INACTIVITY
    }

    /**
     * Checks that the components match, and truncates times to the stored precision.
     *
     * @throws IllegalArgumentException if they do not match, or {@code priority} is outside {@value
     *     #LOWEST_PRIORITY} to {@value #HIGHEST_PRIORITY}
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
            throw new IllegalArgumentException(
                    "dueAt must be present exactly if the phase is active, but phase is "
                            + phase
                            + " and dueAt is "
                            + dueAt);
        }
        if (attempt < 0 || failures < 0 || (phase == Phase.NONE) != (attempt == 0)) {
            throw new IllegalArgumentException(
                    "attempt must be 0 exactly in phase NONE, and failures 0 or more, but phase is "
                            + phase
                            + ", attempt is "
                            + attempt
                            + " and failures is "
                            + failures);
        }
        queuedAt = Timestamps.truncate(queuedAt);
        dueAt = Timestamps.truncate(dueAt);
    }

    /**
     * Whether the run counts against {@link dev.errand.spi.store.ConcurrencyLimits}: its sandbox
     * was launched, or the run is leased in order to launch it.
     *
     * @param isLeased whether the run has a lease that was not released, even if it has expired
     */
    public boolean countsAgainstLimit(boolean isLeased) {
        return phase == Phase.LAUNCHED || phase == Phase.WAITING && isLeased;
    }

    /**
     * Whether the run waits for its launch, so that priorities and limits apply to it.
     *
     * @param isLeased whether the run has a lease that was not released, even if it has expired
     */
    public boolean isWaitingToStart(boolean isLeased) {
        return phase == Phase.WAITING && stop.isEmpty() && !isLeased;
    }

    /** Returns the time of the launch if the sandbox was launched and is not to be stopped. */
    public Optional<Instant> launchedAt() {
        return phase == Phase.LAUNCHED && stop.isEmpty() ? dueAt : Optional.empty();
    }

    /**
     * Returns when the stop was requested, or when the launch was recorded if that was later; empty
     * if the sandbox is not to be stopped.
     */
    public Optional<Instant> stopRequestedAt() {
        return stop.isPresent() ? dueAt : Optional.empty();
    }

    /** Returns a copy with another priority and other timeouts. */
    public DispatchState withScheduling(int newPriority, RunTimeouts newTimeouts) {
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
                newTimeouts);
    }

    /**
     * Returns the state after dispatch was requested: the next attempt waits for its launch and is
     * due at once.
     */
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

    /** Returns the state after the sandbox of this attempt was launched. */
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

    /**
     * Returns the state after the launch of this attempt failed; the next attempt is due at {@code
     * retryAt}.
     */
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
     * Returns the state after a stop was requested, due at {@code at}. If a stop other than a
     * handoff was requested before, returns this state unchanged. A handoff is replaced, since it
     * does not end the run.
     */
    public DispatchState stopping(StopReason reason, Instant at) {
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
                        Optional.of(reason),
                        priority,
                        timeouts);
    }

    /** Returns the state in which no further dispatcher action is needed. */
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
