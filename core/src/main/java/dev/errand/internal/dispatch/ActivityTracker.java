package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.spi.run.Run;
import java.time.Duration;
import java.time.Instant;

/**
 * Determines the last activity of the sandbox of one run: the last update of the run or the last
 * log entry; while the agent waits for a person, a time that is still within the timeout. All of it
 * is read from storage, so that every lease holder decides the same. Confined to the thread that
 * works on the run.
 */
final class ActivityTracker {

    /** How soon an answer of the person is noticed. */
    private static final Duration PERMISSION_POLL = Duration.ofSeconds(30);

    private final PendingPermissions permissions = new PendingPermissions();
    private Instant known = Instant.MIN;

    /**
     * Returns the time of the last activity. The log is read only if the last update of the run is
     * older than the timeout. Otherwise the result may be earlier than the actual last activity,
     * which does not matter because it is within the timeout.
     */
    Instant last(Engine engine, Run run, Duration timeout, Instant now) {
        Instant last = later(run.updatedAt(), known);
        if (!now.isAfter(last.plus(timeout))) {
            return last;
        }
        known = lastStored(engine, run);
        if (now.isAfter(known.plus(timeout)) && permissions.arePending(engine, run)) {
            // Return a time that exceeds the timeout in PERMISSION_POLL from now, or sooner if the
            // timeout is shorter, so that the log is read again then.
            Duration untilNextRead =
                    timeout.compareTo(PERMISSION_POLL) < 0 ? timeout : PERMISSION_POLL;
            known = now.minus(timeout).plus(untilNextRead);
        }
        return known;
    }

    /** Returns the time of the last update or the last log entry of a run. */
    static Instant lastStored(Engine engine, Run run) {
        return engine.backend()
                .log()
                .lastAppendedAt(run.project(), run.id())
                .map(logged -> later(logged, run.updatedAt()))
                .orElse(run.updatedAt());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
