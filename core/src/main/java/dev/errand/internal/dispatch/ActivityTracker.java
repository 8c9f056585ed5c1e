package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.spi.run.PermissionRequest;
import dev.errand.spi.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Determines the last activity of the sandbox of one run: the last update of the run or the last
 * log entry. While the agent waits for a person, the result is a time that is recent enough not to
 * exceed the timeout. All of it is read from storage, so that every lease holder decides the same.
 * Confined to the thread that works on the run.
 */
final class ActivityTracker {

    /** How soon an answer of the person is noticed. */
    private static final Duration PERMISSION_POLL = Duration.ofSeconds(30);

    private final PendingPermissions permissions = new PendingPermissions();
    private Instant lastKnown = Instant.MIN;
    private Instant readPermissionsAt = Instant.MIN;

    /**
     * Returns the time of the last activity. The log is read only if the last update of the run is
     * older than the timeout. Otherwise the result may be earlier than the actual last activity,
     * which does not matter because it is within the timeout.
     */
    Instant last(Engine engine, Run run, Duration timeout, Instant now) {
        Instant last = later(run.updatedAt(), lastKnown);
        if (!now.isAfter(last.plus(timeout))) {
            return last;
        }
        lastKnown = lastStored(engine, run);
        if (now.isAfter(lastKnown.plus(timeout)) && !permissions.read(engine, run).isEmpty()) {
            // Pretend that the last activity was so long ago that the timeout is over after
            // PERMISSION_POLL, or after the timeout if that is shorter. Then the log is read again.
            Duration untilNextRead =
                    timeout.compareTo(PERMISSION_POLL) < 0 ? timeout : PERMISSION_POLL;
            lastKnown = now.minus(timeout).plus(untilNextRead);
        }
        return lastKnown;
    }

    /**
     * Returns whether permission requests are pending and there was no activity for longer than the
     * limit. The log is read when the limit is exceeded, and then every half a minute; in between,
     * the result is false.
     */
    boolean isUnanswered(Engine engine, Run run, Duration limit, Instant now) {
        if (now.isBefore(readPermissionsAt) || !now.isAfter(run.updatedAt().plus(limit))) {
            return false;
        }
        Instant lastActivity = lastStored(engine, run);
        if (!now.isAfter(lastActivity.plus(limit))) {
            readPermissionsAt = lastActivity.plus(limit);
            return false;
        }
        readPermissionsAt = now.plus(PERMISSION_POLL);
        return !permissions.read(engine, run).isEmpty();
    }

    /** Returns the permission requests that were pending when the log was last read. */
    List<PermissionRequest> pendingPermissions() {
        return permissions.pending();
    }

    /**
     * Returns the time of the last update or the last log entry of a run. An entry that this
     * process dropped, because the log is full, counts as well.
     */
    static Instant lastStored(Engine engine, Run run) {
        Instant logged =
                engine.backend()
                        .log()
                        .lastAppendedAt(run.project(), run.id())
                        .map(it -> later(it, run.updatedAt()))
                        .orElse(run.updatedAt());
        return engine.logs()
                .lastDroppedAt(run.id())
                .map(dropped -> later(dropped, logged))
                .orElse(logged);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
