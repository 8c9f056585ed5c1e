package dev.errand.spi.run;

import dev.errand.spi.Timestamps;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The queue entry of a run that needs dispatcher action: a sandbox must be launched, supervised or
 * stopped. A run has an entry from the request for its dispatch until no action is needed any more.
 * The entry belongs to the current attempt of the run ({@link Run#attempt()}). Run and entry are
 * written in one transaction. Immutable.
 *
 * @param phase the phase of the dispatch
 * @param failures number of failed launches since the run was queued
 * @param queuedAt when dispatch was last requested; the launch retry window starts here
 *     (docs/wire/runs.md#g6)
 * @param dueAt from when the run may be claimed. While it waits for a launch, the time of the next
 *     launch; after the launch, the time of the launch; after a stop request, the later of that
 *     request and the recording of the launch
 * @param handle an identifier by which operators can find the sandbox in the launcher's system
 * @param lastFailure why the last launch failed, or why the run waits for its provider
 * @param stopReason why the sandbox must be stopped; empty if it must not
 * @param priority the priority among the waiting runs of the project, {@value #LOWEST_PRIORITY} to
 *     {@value #HIGHEST_PRIORITY}, 0 by default
 * @param timeouts time limits of this run that override those of the dispatcher
 */
public record QueueEntry(
        Phase phase,
        int failures,
        Instant queuedAt,
        Instant dueAt,
        Optional<String> handle,
        Optional<String> lastFailure,
        Optional<StopReason> stopReason,
        int priority,
        RunTimeouts timeouts) {

    /** The lowest priority. */
    public static final int LOWEST_PRIORITY = -100;

    /** The highest priority. */
    public static final int HIGHEST_PRIORITY = 100;

    /** The phase of a run's dispatch. */
    public enum Phase {
        /** A sandbox must be launched. */
        WAITING,
        /** A sandbox was launched and must be supervised until it exits. */
        LAUNCHED
    }

    /**
     * Checks the numbers, and truncates times to the stored precision.
     *
     * @throws IllegalArgumentException if {@code failures} is negative, or {@code priority} is
     *     outside {@value #LOWEST_PRIORITY} to {@value #HIGHEST_PRIORITY}
     */
    public QueueEntry {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(handle, "handle");
        Objects.requireNonNull(lastFailure, "lastFailure");
        Objects.requireNonNull(stopReason, "stopReason");
        Objects.requireNonNull(timeouts, "timeouts");
        if (priority < LOWEST_PRIORITY || priority > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority must be %d to %d, not %d"
                            .formatted(LOWEST_PRIORITY, HIGHEST_PRIORITY, priority));
        }
        if (failures < 0) {
            throw new IllegalArgumentException("failures must be 0 or more, not " + failures);
        }
        queuedAt = Timestamps.truncate(queuedAt);
        dueAt = Timestamps.truncate(dueAt);
    }

    /** Returns the entry of a run whose dispatch was just requested, and which is due at once. */
    public static QueueEntry queued(Instant now) {
        return queued(now, 0, RunTimeouts.NONE);
    }

    /**
     * Returns the entry of a run whose dispatch was just requested, and which is due at once, with
     * a priority and timeouts of its own.
     */
    public static QueueEntry queued(Instant now, int priority, RunTimeouts timeouts) {
        return new QueueEntry(
                Phase.WAITING,
                0,
                now,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                priority,
                timeouts);
    }

    /**
     * Whether the run counts against {@link dev.errand.spi.store.ConcurrencyLimits}: its sandbox
     * was launched, or the run has a lease that was not released.
     *
     * @param hasUnreleasedLease whether the run has a lease that was not released, live or expired
     */
    public boolean countsAgainstLimit(boolean hasUnreleasedLease) {
        return phase == Phase.LAUNCHED || hasUnreleasedLease;
    }

    /**
     * Whether the run waits for its launch, so that priorities and limits apply to it.
     *
     * @param hasUnreleasedLease whether the run has a lease that was not released, live or expired
     */
    public boolean isWaitingToStart(boolean hasUnreleasedLease) {
        return phase == Phase.WAITING && stopReason.isEmpty() && !hasUnreleasedLease;
    }

    /** Returns the time of the launch if the sandbox was launched and must not be stopped. */
    public Optional<Instant> launchedAt() {
        return phase == Phase.LAUNCHED && stopReason.isEmpty()
                ? Optional.of(dueAt)
                : Optional.empty();
    }

    /**
     * Returns when the stop was requested, or when the launch was recorded if that was later; empty
     * if the sandbox must not be stopped.
     */
    public Optional<Instant> stopRequestedAt() {
        return stopReason.map(reason -> dueAt);
    }

    /** Returns the entry after the sandbox of this attempt was launched. */
    public QueueEntry launched(String handle, Instant now) {
        return new QueueEntry(
                Phase.LAUNCHED,
                failures,
                queuedAt,
                now,
                Optional.of(handle),
                lastFailure,
                stopReason,
                priority,
                timeouts);
    }

    /**
     * Returns the entry after the launch of this attempt failed; the next attempt is due at {@code
     * retryAt}.
     */
    public QueueEntry launchFailed(String cause, Instant retryAt) {
        return new QueueEntry(
                Phase.WAITING,
                failures + 1,
                queuedAt,
                retryAt,
                Optional.empty(),
                Optional.of(cause),
                stopReason,
                priority,
                timeouts);
    }

    /**
     * Returns the entry after the sandbox ended because of a limit of its provider; the next
     * attempt is due at {@code retryAt}, from which its time in the queue counts.
     */
    public QueueEntry waitingForProvider(String cause, Instant retryAt) {
        return new QueueEntry(
                Phase.WAITING,
                0,
                retryAt,
                retryAt,
                Optional.empty(),
                Optional.of(cause),
                stopReason,
                priority,
                timeouts);
    }

    /** Whether the run waits for its next launch because of a limit of its provider. */
    public boolean isWaitingForProvider() {
        return phase == Phase.WAITING && failures == 0 && lastFailure.isPresent();
    }

    /**
     * Returns the entry after a stop was requested, due at {@code at}. If a stop that ends the run
     * was requested before, returns this entry unchanged. A handoff and a restart are replaced,
     * since they do not end the run.
     */
    public QueueEntry stopping(StopReason reason, Instant at) {
        boolean endsRun =
                stopReason
                        .filter(
                                earlier ->
                                        earlier != StopReason.HANDOFF
                                                && earlier != StopReason.RESTART)
                        .isPresent();
        return endsRun ? this : stopping(reason, at, priority, timeouts);
    }

    /**
     * Returns the entry after a restart was requested at {@code at}: the sandbox must be stopped,
     * even if this was requested for another reason before. The next attempt will have this
     * priority and these timeouts.
     */
    public QueueEntry restarting(Instant at, int nextPriority, RunTimeouts nextTimeouts) {
        return stopping(StopReason.RESTART, at, nextPriority, nextTimeouts);
    }

    private QueueEntry stopping(
            StopReason reason, Instant at, int newPriority, RunTimeouts newTimeouts) {
        return new QueueEntry(
                phase,
                failures,
                queuedAt,
                at,
                handle,
                lastFailure,
                Optional.of(reason),
                newPriority,
                newTimeouts);
    }
}
