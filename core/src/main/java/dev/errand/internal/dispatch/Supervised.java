package dev.errand.internal.dispatch;

import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A run that this dispatcher holds the lease of. One thread at a time attends to it; others may
 * renew its lease, and give up waiting for that thread.
 */
public final class Supervised {

    private final boolean wasLaunched;
    private final Instant claimedAt;
    private final Optional<Task> task;
    private volatile Run run;
    private volatile Lease lease;
    private volatile Instant renewAt;
    private volatile boolean over;
    private volatile boolean begun;
    private volatile boolean looks;
    private boolean settledTogether;
    private volatile Settling settling;
    private final Object letGo = new Object();
    private boolean isLetGo;
    private Thread attendant;
    private Instant attendedSince;
    private boolean inLauncher;
    private boolean launching;
    private boolean abandoned;
    private boolean told;

    // Only of whoever attends.
    private boolean known;
    private boolean seen;
    private Instant collectsSince;
    private Instant heardAt = Instant.MIN;
    private final PendingPermissions permissions = new PendingPermissions();

    /**
     * A run that was claimed a moment ago.
     *
     * @param task its task, if it was read along
     */
    public Supervised(ClaimedRun claimed, Optional<Task> task, Instant claimedAt, Instant renewAt) {
        this.claimedAt = claimedAt;
        this.task = task;
        this.run = claimed.run();
        this.lease = claimed.lease();
        this.renewAt = renewAt;
        this.wasLaunched = claimed.run().dispatch().handle().isPresent();
    }

    public Run run() {
        return run;
    }

    public Lease lease() {
        return lease;
    }

    public SandboxId sandbox() {
        return SandboxId.of(run);
    }

    public Instant claimedAt() {
        return claimedAt;
    }

    /** Its task as it stood when the run was claimed. */
    public Optional<Task> task() {
        return task;
    }

    /** It has a slot from here on. */
    public void begin() {
        begun = true;
    }

    /** Whether it was begun and its end is not decided yet. */
    public boolean hasSlot() {
        return begun && !over && settling == null;
    }

    /** It is to be looked at soon. */
    public void lookSoon() {
        looks = true;
    }

    /** Whether it is to be looked at; asked once. */
    public boolean takeLook() {
        boolean taken = looks;
        looks = false;
        return taken;
    }

    /** Its end is decided; by who attends. */
    public void settle(Settling decided) {
        settling = decided;
    }

    /** What is decided of it and to be written. */
    public Optional<Settling> settling() {
        return Optional.ofNullable(settling);
    }

    /** Whether this is the first look since the claim. */
    public boolean isFirstLook() {
        boolean first = !known;
        known = true;
        return first;
    }

    /** Whether this is the first sight of a sandbox that somebody else launched. */
    public boolean isFirstSight() {
        boolean first = !seen && wasLaunched;
        seen = true;
        return first;
    }

    /** Since when it is tried to collect what the sandbox left. */
    public Instant collectsSince(Instant now) {
        if (collectsSince == null) {
            collectsSince = now;
        }
        return collectsSince;
    }

    /** When its sandbox was heard last, as far as somebody asked. */
    public Instant heardAt() {
        return heardAt;
    }

    public void heardAt(Instant heard) {
        heardAt = heard;
    }

    /** Whether its agent waits for a person. */
    public PendingPermissions permissions() {
        return permissions;
    }

    public boolean isDue(Instant now) {
        return !now.isBefore(renewAt);
    }

    /** What is known of the run may be old: read it anew at the next look. */
    public void renewNow() {
        renewAt = Instant.MIN;
    }

    public void renewed(ClaimedRun claimed, Instant next) {
        run = claimed.run();
        lease = claimed.lease();
        renewAt = next;
    }

    public void changed(Run current) {
        run = current;
    }

    /** Nothing is left to do here: it is settled, or somebody else's. */
    public void over() {
        over = true;
    }

    public boolean isOver() {
        return over;
    }

    /** Tells once that it is let go; when this returns that was told, by whoever was first. */
    public void letGo(Runnable telling) {
        synchronized (letGo) { // Not on the run: its launcher is not to wait for a listener.
            if (!isLetGo) {
                isLetGo = true;
                telling.run();
            }
        }
    }

    /** The calling thread attends from here on; false if another one is at it. */
    public synchronized boolean tryBegin(Instant now) {
        if (attendant != null || settling != null) {
            return false;
        }
        attendant = Thread.currentThread();
        attendedSince = now;
        return true;
    }

    /** What was decided was written, or not: the calling thread attends from here on. */
    public synchronized void resume(Instant now) {
        settling = null;
        settledTogether = true;
        attendant = Thread.currentThread();
        attendedSince = now;
    }

    /** Whether its end was written together with a claim, or was to be. */
    public synchronized boolean wasSettledTogether() {
        return settledTogether;
    }

    /** The calling thread is about to ask the launcher, be it for a sandbox. */
    public synchronized void enterLauncher(boolean launches, Instant now) {
        inLauncher = true;
        launching = launches;
        attendedSince = now;
    }

    /** The launcher has answered. */
    public synchronized void leaveLauncher(Instant now) {
        inLauncher = false;
        launching = false;
        attendedSince = now;
        if (abandoned) {
            Thread.interrupted(); // It was meant for the launcher alone.
        }
    }

    /** Whether the attending thread has not come back for too long. */
    public synchronized boolean isStuck(Instant now, Duration launchLimit, Duration stepLimit) {
        return attendant != null
                && !abandoned
                && now.isAfter(attendedSince.plus(launching ? launchLimit : stepLimit));
    }

    public synchronized boolean isLaunching() {
        return launching;
    }

    /** Nobody waits for the attending thread any more; false if it came back meanwhile. */
    public synchronized boolean abandon() {
        if (attendant == null) {
            return false;
        }
        abandoned = true;
        if (inLauncher) {
            attendant.interrupt();
        }
        return true;
    }

    /**
     * Its sandbox ended: who attends now may have looked before.
     *
     * @return whether who attends, or writes its end, will look again; else somebody must
     */
    public synchronized boolean told() {
        told = attendant != null || settling != null;
        return told;
    }

    /** Whether it was told of an end while somebody attended. */
    public synchronized boolean isTold() {
        return told;
    }

    /** Whether it was told of an end while somebody attended; asked once. */
    public synchronized boolean takeTold() {
        boolean taken = told;
        told = false;
        return taken;
    }

    /** The calling thread attends no longer; true if nobody waited for it any more. */
    public synchronized boolean end() {
        attendant = null;
        return abandoned;
    }
}
