package dev.errand.testkit;

import static dev.errand.testkit.HistoryCheck.holds;

import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks that each run has at most one live lease and that superseded owners write nothing
 * (docs/invariants.md#i6).
 */
final class LeaseCheck {

    private final Clock clock;
    private final Map<RunId, Long> tokens = new HashMap<>();
    private final Map<RunId, Lease> live = new HashMap<>();
    private Instant latest = Instant.MIN;

    LeaseCheck(Clock clock) {
        this.clock = clock;
    }

    /**
     * Records the latest time. The storage may treat a lease as expired if it was expired at any
     * earlier call, even if the clock was set back since.
     */
    void asked() {
        latest = clock.instant().isAfter(latest) ? clock.instant() : latest;
    }

    void claimed(ClaimedRun claimed) {
        Lease lease = claimed.lease();
        Lease earlier = live.put(lease.run(), lease);
        holds(
                earlier == null || !earlier.until().isAfter(latest),
                "I6: %s was granted while %s was live".formatted(lease, earlier));
        Long token = tokens.put(lease.run(), lease.token());
        holds(token == null || token < lease.token(), "I6: token is not greater: " + lease);
    }

    void renewed(ClaimedRun claimed) {
        Lease lease = claimed.lease();
        holds(isLatest(lease), "I6: superseded lease was renewed: " + lease);
        live.put(lease.run(), lease);
    }

    void released(Lease lease) {
        holds(isLatest(lease), "I6: superseded lease was released: " + lease);
        live.remove(lease.run());
    }

    void written(RunChange change) {
        holds(
                change.lease().map(this::isLatest).orElse(true),
                "I6: superseded owner wrote " + change);
        if (change.releasesLease() || change.after().entry().isEmpty()) {
            live.remove(change.after().id());
        }
    }

    private boolean isLatest(Lease lease) {
        return lease.token() == tokens.getOrDefault(lease.run(), 0L);
    }
}
