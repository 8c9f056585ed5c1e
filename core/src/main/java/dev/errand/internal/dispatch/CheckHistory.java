package dev.errand.internal.dispatch;

import dev.errand.spi.run.Run;
import java.time.Instant;
import java.util.Optional;

/**
 * What the supervisor remembers from one check of a claimed run to the next. Confined to the worker
 * of the run.
 */
final class CheckHistory {

    private final boolean wasLaunchedBefore;
    private final ActivityTracker activity = new ActivityTracker();
    private boolean wasChecked;
    private boolean wasSandboxSeen;
    private Optional<Instant> collectingSince = Optional.empty();

    CheckHistory(Run claimed) {
        this.wasLaunchedBefore = claimed.dispatch().handle().isPresent();
    }

    /** Returns the tracker of the sandbox's activity. */
    ActivityTracker activity() {
        return activity;
    }

    /** Returns whether this is the first check since the claim. */
    boolean isFirstCheck() {
        boolean isFirst = !wasChecked;
        wasChecked = true;
        return isFirst;
    }

    /** Returns whether this is the first inspection of a sandbox that an earlier owner launched. */
    boolean isFirstSight() {
        boolean isFirst = wasLaunchedBefore && !wasSandboxSeen;
        wasSandboxSeen = true;
        return isFirst;
    }

    /** Returns the time of the first attempt to collect the output of the sandbox. */
    Instant collectingSince(Instant now) {
        collectingSince = collectingSince.or(() -> Optional.of(now));
        return collectingSince.get();
    }
}
