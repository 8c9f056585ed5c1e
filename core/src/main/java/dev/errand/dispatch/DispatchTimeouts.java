package dev.errand.dispatch;

import dev.errand.spi.dispatch.RunTimeouts;
import dev.errand.spi.run.Run;
import java.time.Duration;

/**
 * How long each part of an execution may take, for every run that does not say otherwise (design
 * 5). After each of them the run comes to an end that names it.
 *
 * @param queued how old a run may grow in the queue before its first launch is tried
 * @param launch how long one launch may take before it counts as failed
 * @param inactivity how long a sandbox may be silent: no log entry, no report; waiting for a person
 *     is not silence
 * @param total how long a sandbox may run
 */
public record DispatchTimeouts(
        Duration queued, Duration launch, Duration inactivity, Duration total) {

    /** A day in the queue, 2 minutes a launch, half an hour of silence, an hour in all. */
    public static final DispatchTimeouts DEFAULT =
            new DispatchTimeouts(
                    Duration.ofDays(1),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(30),
                    Duration.ofHours(1));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public DispatchTimeouts {
        Positive.require("queued", queued);
        Positive.require("launch", launch);
        Positive.require("inactivity", inactivity);
        Positive.require("total", total);
    }

    /** These, with what a run says of its own. */
    public DispatchTimeouts of(Run run) {
        RunTimeouts own = run.dispatch().timeouts();
        return own.equals(RunTimeouts.NONE)
                ? this
                : new DispatchTimeouts(
                        own.queued().orElse(queued),
                        own.launch().orElse(launch),
                        own.inactivity().orElse(inactivity),
                        own.total().orElse(total));
    }

    /** These with another time in the queue. */
    public DispatchTimeouts withQueued(Duration changed) {
        return new DispatchTimeouts(changed, launch, inactivity, total);
    }

    /** These with another time for a launch. */
    public DispatchTimeouts withLaunch(Duration changed) {
        return new DispatchTimeouts(queued, changed, inactivity, total);
    }

    /** These with another time of silence. */
    public DispatchTimeouts withInactivity(Duration changed) {
        return new DispatchTimeouts(queued, launch, changed, total);
    }

    /** These with another time in all. */
    public DispatchTimeouts withTotal(Duration changed) {
        return new DispatchTimeouts(queued, launch, inactivity, changed);
    }
}
