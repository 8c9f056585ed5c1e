package dev.errand.internal.dispatch;

import dev.errand.spi.run.Run;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A run whose lease this dispatcher holds, as a state machine:
 *
 * <pre>
 * WAITING_FOR_SLOT ──▶ ACTIVE ◀──▶ SETTLING
 *        │               │            │
 *        └───────────────┴────────────┴──▶ OVER
 * </pre>
 *
 * <p>At most one thread at a time, its <em>worker</em>, works on the run: between {@link
 * #beginWork} or {@link #resumeWork} and {@link #endWork}. Other threads may renew the lease,
 * request a check, and abandon a worker that hangs in a launcher call.
 *
 * <p>Thread-safe: the monitor of this object guards all of its state. No code outside this class is
 * called while it is held.
 */
final class ActiveRun {

    private enum State {
        /** Claimed; waits for a slot. */
        WAITING_FOR_SLOT,
        /** Occupies a slot. */
        ACTIVE,
        /** Its final change is decided and not yet written. Occupies no slot, has no worker. */
        SETTLING,
        /** Settled or released, or its lease is lost. Nothing more may be written to it. */
        OVER
    }

    private enum Activity {
        WORKING,
        LAUNCHING,
        CALLING_LAUNCHER
    }

    /** A thread that works on the run, and what it has been doing since when. */
    private record Worker(Thread thread, Activity activity, Instant since) {}

    private final Optional<Task> task;
    private final Instant claimedAt;
    private final CheckHistory history;
    private final OneTimeAction release = new OneTimeAction();

    private Run run;
    private Lease lease;
    private Instant renewAt;
    private State state = State.WAITING_FOR_SLOT;
    private Optional<PendingSettlement> settlement = Optional.empty();
    private Optional<Worker> worker = Optional.empty();
    private boolean isAbandoned;
    private boolean isCheckRequested;
    private boolean hasSandboxEnded;

    /**
     * Creates a run that was just claimed and waits for a slot.
     *
     * @param task its task, if it was read with the claim
     */
    ActiveRun(ClaimedRun claimed, Optional<Task> task, Instant claimedAt, Instant renewAt) {
        this.task = task;
        this.history = new CheckHistory(claimed.run());
        this.claimedAt = claimedAt;
        this.run = claimed.run();
        this.lease = claimed.lease();
        this.renewAt = renewAt;
    }

    // --- the run and its lease

    /** Returns the run as last read or written. */
    synchronized Run run() {
        return run;
    }

    synchronized Lease lease() {
        return lease;
    }

    synchronized SandboxId sandbox() {
        return SandboxId.of(run);
    }

    Instant claimedAt() {
        return claimedAt;
    }

    /** Returns its task as read with the claim, if it was. */
    Optional<Task> task() {
        return task;
    }

    /** Returns what earlier checks found; for the worker only. */
    CheckHistory history() {
        return history;
    }

    synchronized boolean isRenewalDue(Instant now) {
        return !now.isBefore(renewAt);
    }

    /** Makes the lease due for renewal, which also reads the run again. */
    synchronized void requestRenewal() {
        renewAt = Instant.MIN;
    }

    synchronized void renewed(ClaimedRun claimed, Instant nextRenewal) {
        run = claimed.run();
        lease = claimed.lease();
        renewAt = nextRenewal;
    }

    synchronized void changed(Run current) {
        run = current;
    }

    // --- state

    /** Gives a waiting run a slot. */
    synchronized void activate() {
        if (state == State.WAITING_FOR_SLOT) {
            state = State.ACTIVE;
        }
    }

    synchronized boolean occupiesSlot() {
        return state == State.ACTIVE;
    }

    /** Sets the final change; to be called by the worker. Does nothing if the run is over. */
    synchronized void settle(PendingSettlement decided) {
        if (state != State.OVER) {
            state = State.SETTLING;
            settlement = Optional.of(decided);
        }
    }

    /** Returns the final change that is to be written. */
    synchronized Optional<PendingSettlement> settlement() {
        return state == State.SETTLING ? settlement : Optional.empty();
    }

    /** Ends supervision: the run is settled or released, or its lease is lost. */
    synchronized void markOver() {
        state = State.OVER;
    }

    synchronized boolean isOver() {
        return state == State.OVER;
    }

    // --- checks

    synchronized void requestCheck() {
        isCheckRequested = true;
    }

    /** Returns whether a check was requested, and resets the request. */
    synchronized boolean takeCheckRequest() {
        boolean requested = isCheckRequested;
        isCheckRequested = false;
        return requested;
    }

    /**
     * Notes that the sandbox ended. The worker may have inspected it before that.
     *
     * @return whether the worker, or the thread that writes the final change, will check the run
     *     again; otherwise a check must be requested
     */
    synchronized boolean noteSandboxEnd() {
        hasSandboxEnded = worker.isPresent() || state == State.SETTLING;
        return hasSandboxEnded;
    }

    /** Returns whether the sandbox ended since the worker began. */
    synchronized boolean hasSandboxEnded() {
        return hasSandboxEnded;
    }

    /**
     * Returns whether the sandbox ended since the worker began and the run must be checked for that
     * reason, and resets the note.
     */
    synchronized boolean takeSandboxEnd() {
        if (state == State.SETTLING) {
            return false;
        }
        boolean ended = hasSandboxEnded;
        hasSandboxEnded = false;
        return ended;
    }

    // --- the worker

    /** Makes the calling thread the worker; returns false if the run cannot be worked on now. */
    synchronized boolean beginWork(Instant now) {
        if (worker.isPresent() || state == State.SETTLING) {
            return false;
        }
        become(Activity.WORKING, now);
        return true;
    }

    /** Makes the calling thread the worker after an attempt to write the final change. */
    synchronized void resumeWork(Instant now) {
        if (state == State.SETTLING) {
            state = State.ACTIVE;
        }
        become(Activity.WORKING, now);
    }

    /** The worker, which is the calling thread, enters a launcher call. */
    synchronized void enterLauncher(boolean launches, Instant now) {
        become(launches ? Activity.LAUNCHING : Activity.CALLING_LAUNCHER, now);
    }

    /** The worker, which is the calling thread, returns from a launcher call. */
    synchronized void leaveLauncher(Instant now) {
        become(Activity.WORKING, now);
        if (isAbandoned) {
            Thread.interrupted(); // The interrupt was meant for the launcher only.
        }
    }

    private void become(Activity next, Instant now) {
        worker = Optional.of(new Worker(Thread.currentThread(), next, now));
    }

    /** Removes the worker; returns whether it had been abandoned. */
    synchronized boolean endWork() {
        worker = Optional.empty();
        return isAbandoned;
    }

    /** Returns whether the worker has made no progress for longer than it may. */
    synchronized boolean isStuck(Instant now, Duration launchLimit, Duration stepLimit) {
        return !isAbandoned
                && worker.filter(
                                it ->
                                        now.isAfter(
                                                it.since()
                                                        .plus(
                                                                it.activity() == Activity.LAUNCHING
                                                                        ? launchLimit
                                                                        : stepLimit)))
                        .isPresent();
    }

    synchronized boolean isLaunching() {
        return worker.filter(it -> it.activity() == Activity.LAUNCHING).isPresent();
    }

    /**
     * Gives up waiting for the worker, and interrupts it if it is in a launcher call.
     *
     * @return false if there is no worker
     */
    synchronized boolean abandon() {
        if (worker.isEmpty()) {
            return false;
        }
        isAbandoned = true;
        if (worker.get().activity() != Activity.WORKING) {
            worker.get().thread().interrupt();
        }
        return true;
    }

    /** Returns the report of the end of supervision, which is made once. */
    OneTimeAction release() {
        return release;
    }
}
