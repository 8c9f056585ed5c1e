package dev.errand.internal.dispatch;

import dev.errand.spi.run.QueueEntry;
import java.time.Instant;
import java.util.Optional;

/**
 * What the supervisor remembers from one check of a claimed run to the next. Confined to the thread
 * that works on the run.
 */
final class CheckHistory {

    private final boolean wasLaunchedBefore;
    private final ActivityTracker activity = new ActivityTracker();
    private boolean wasChecked;
    private boolean wasInspected;
    private Optional<Instant> collectingSince = Optional.empty();

    CheckHistory(QueueEntry claimed) {
        this.wasLaunchedBefore = claimed.handle().isPresent();
    }

    /** Returns the tracker of the sandbox's activity. */
    ActivityTracker activity() {
        return activity;
    }

    /** Records a check. Returns whether it is the first one since the claim. */
    boolean markChecked() {
        boolean isFirst = !wasChecked;
        wasChecked = true;
        return isFirst;
    }

    /**
     * Records an inspection. Returns whether it is the first one of a sandbox that an earlier lease
     * holder launched.
     */
    boolean markInspected() {
        boolean isFirst = wasLaunchedBefore && !wasInspected;
        wasInspected = true;
        return isFirst;
    }

    /**
     * Records an attempt to collect the output of the sandbox. Returns the time of the first one.
     */
    Instant startCollecting(Instant now) {
        collectingSince = collectingSince.or(() -> Optional.of(now));
        return collectingSince.get();
    }
}
