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
 * Who may act on which run, and that nobody else does: one live lease, no late write
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

    /** A storage may take for over what was over once, though the clock was set back since. */
    void asked() {
        latest = clock.instant().isAfter(latest) ? clock.instant() : latest;
    }

    void claimed(ClaimedRun claimed) {
        Lease lease = claimed.lease();
        Lease earlier = live.put(lease.run(), lease);
        holds(
                earlier == null || !earlier.until().isAfter(latest),
                "I6: %s was given beside %s".formatted(lease, earlier));
        Long token = tokens.put(lease.run(), lease.token());
        holds(token == null || token < lease.token(), "I6: not a new token: " + lease);
    }

    void renewed(ClaimedRun claimed) {
        Lease lease = claimed.lease();
        holds(isLatest(lease), "I6: a late lease was renewed: " + lease);
        live.put(lease.run(), lease);
    }

    void released(Lease lease) {
        holds(isLatest(lease), "I6: a late lease was given back: " + lease);
        live.remove(lease.run());
    }

    void written(RunChange change) {
        holds(change.lease().map(this::isLatest).orElse(true), "I6: a late owner wrote " + change);
        if (change.releasesLease() || !change.after().dispatch().phase().isActive()) {
            live.remove(change.after().id());
        }
    }

    private boolean isLatest(Lease lease) {
        return lease.token() == tokens.getOrDefault(lease.run(), 0L);
    }
}
