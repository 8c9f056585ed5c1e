package dev.errand.dispatch;

import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.dispatch.SandboxRef;
import dev.errand.spi.run.Run;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** A run that this dispatcher holds the lease of. One thread at a time attends to it. */
final class Supervised {

    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Run run;
    private volatile Lease lease;
    private volatile Instant renewAt;
    private volatile boolean over;
    private boolean known;

    Supervised(ClaimedRun claimed, Instant renewAt) {
        this.run = claimed.run();
        this.lease = claimed.lease();
        this.renewAt = renewAt;
    }

    Run run() {
        return run;
    }

    Lease lease() {
        return lease;
    }

    SandboxRef sandbox() {
        return SandboxRef.of(run);
    }

    /** Whether this is the first look since the claim; only asked by whoever attends. */
    boolean isFirstLook() {
        boolean first = !known;
        known = true;
        return first;
    }

    boolean isDue(Instant now) {
        return !now.isBefore(renewAt);
    }

    /** What is known of the run may be old: read it anew at the next look. */
    void renewNow() {
        renewAt = Instant.MIN;
    }

    void renewed(ClaimedRun claimed, Instant next) {
        run = claimed.run();
        lease = claimed.lease();
        renewAt = next;
    }

    void changed(Run current) {
        run = current;
    }

    /** Nothing is left to do here: it is settled, or somebody else's. */
    void over() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    boolean tryBegin() {
        return busy.compareAndSet(false, true);
    }

    void end() {
        busy.set(false);
    }
}
