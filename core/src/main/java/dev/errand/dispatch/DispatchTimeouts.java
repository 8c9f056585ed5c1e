package dev.errand.dispatch;

import dev.errand.spi.run.RunTimeouts;
import java.time.Duration;

/**
 * Limits on queue time, launch duration, inactivity and total run time. A run may override each of
 * them in its {@link RunTimeouts}. A run that exceeds {@code queued}, {@code inactivity} or {@code
 * total} ends with an {@link dev.errand.spi.run.EndReason} that names the limit; a launch that
 * exceeds {@code launch} has failed and may be retried. All values are positive.
 *
 * @param queued maximum time between queueing a run and its first launch; default 1 day
 * @param launch maximum duration of one launch, after which it counts as failed; default 2 minutes
 * @param inactivity maximum time without a log entry or an update of the run; does not apply while
 *     the agent waits for a person; default 30 minutes
 * @param total maximum time that a sandbox runs; default 1 hour
 */
public record DispatchTimeouts(
        Duration queued, Duration launch, Duration inactivity, Duration total) {

    /** 1 day queued, 2 minutes for a launch, 30 minutes of inactivity, 1 hour in total. */
    public static final DispatchTimeouts DEFAULT =
            new DispatchTimeouts(
                    Duration.ofDays(1),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(30),
                    Duration.ofHours(1));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is not positive
     */
    public DispatchTimeouts {
        Positive.require("queued", queued);
        Positive.require("launch", launch);
        Positive.require("inactivity", inactivity);
        Positive.require("total", total);
    }

    /** Returns these timeouts, with each one replaced that {@code own} specifies. */
    public DispatchTimeouts overriddenBy(RunTimeouts own) {
        return own.equals(RunTimeouts.NONE)
                ? this
                : new DispatchTimeouts(
                        own.queued().orElse(queued),
                        own.launch().orElse(launch),
                        own.inactivity().orElse(inactivity),
                        own.total().orElse(total));
    }

    /** Returns a copy with the given maximum time in the queue. */
    public DispatchTimeouts withQueued(Duration value) {
        return new DispatchTimeouts(value, launch, inactivity, total);
    }

    /** Returns a copy with the given maximum duration of a launch. */
    public DispatchTimeouts withLaunch(Duration value) {
        return new DispatchTimeouts(queued, value, inactivity, total);
    }

    /** Returns a copy with the given maximum time of inactivity. */
    public DispatchTimeouts withInactivity(Duration value) {
        return new DispatchTimeouts(queued, launch, value, total);
    }

    /** Returns a copy with the given maximum total time. */
    public DispatchTimeouts withTotal(Duration value) {
        return new DispatchTimeouts(queued, launch, inactivity, value);
    }
}
