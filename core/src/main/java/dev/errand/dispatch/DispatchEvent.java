package dev.errand.dispatch;

import dev.errand.spi.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Something that a dispatcher or worker pool did, for metrics and tracing. */
public sealed interface DispatchEvent {

    /** Returns the run concerned, as last read or written by the dispatcher or worker pool. */
    Run run();

    /**
     * The dispatcher or worker pool claimed a run. It begins to work on the run when a slot or a
     * handler is free. This is the first event of the run, and exactly one {@link SupervisionEnded}
     * follows.
     */
    record Claimed(Run run) implements DispatchEvent {}

    /**
     * The dispatcher or worker pool no longer acts on the run: the run ended, it waits for another
     * attempt, or the lease was released or lost. This is the last event of the run until it is
     * claimed again.
     */
    record SupervisionEnded(Run run) implements DispatchEvent {}

    /**
     * A sandbox was launched, and the launch is stored.
     *
     * @param timeSinceQueued time from queueing the run to its launch
     */
    record Launched(Run run, Duration timeSinceQueued) implements DispatchEvent {}

    /**
     * A launch failed. The {@link LaunchRetryPolicy} decides whether the run is launched again or
     * fails.
     *
     * @param cause the cause as stored on the run
     */
    record LaunchFailed(Run run, String cause) implements DispatchEvent {}

    /**
     * The agent ended because of a limit of its provider, and the run waits for its next attempt.
     *
     * @param retryAt when the limit ends
     */
    record ProviderLimitReached(Run run, Instant retryAt) implements DispatchEvent {}

    /** The dispatcher took over a running sandbox that an earlier lease holder had launched. */
    record Adopted(Run run) implements DispatchEvent {}

    /**
     * A handler of a {@link WorkerPool} was called.
     *
     * @param timeSinceQueued time from queueing the run to the call
     */
    record HandlerStarted(Run run, Duration timeSinceQueued) implements DispatchEvent {}

    /**
     * A handler of a {@link WorkerPool} returned or threw.
     *
     * @param duration time since the call
     * @param failure the cause, if it threw
     */
    record HandlerEnded(Run run, Duration duration, Optional<String> failure)
            implements DispatchEvent {}

    /**
     * The lease is no longer valid: another dispatcher or worker pool has claimed the run, or the
     * run needs no dispatcher action any more. Nothing more is written to the run under this lease.
     */
    record LeaseLost(Run run) implements DispatchEvent {}
}
