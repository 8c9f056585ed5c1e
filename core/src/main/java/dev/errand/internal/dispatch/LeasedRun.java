package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A run whose lease this dispatcher holds, as a state machine:
 *
 * <pre>
 * WAITING_FOR_SLOT ──▶ IN_SLOT ◀──▶ SETTLING
 *         │               │            │
 *         └───────────────┴────────────┴──▶ NOT_SUPERVISED
 * </pre>
 *
 * <p>At most one thread at a time works on the run: between {@link #beginWork} or {@link
 * #resumeWork} and {@link #endWork}. Other threads may renew the lease, request a check, and
 * abandon a working thread that is stuck in a launcher call or another step.
 *
 * <p>Thread-safe: the monitor of this object guards all of its state. No code outside this class is
 * called while it is held.
 */
final class LeasedRun {

    private enum State {
        /** Claimed; waits for a slot. */
        WAITING_FOR_SLOT,
        /** Occupies a slot. */
        IN_SLOT,
        /**
         * Its final change is decided and not yet written. Occupies no slot; no thread begins to
         * work on the run until the dispatch cycle has tried to write the change.
         */
        SETTLING,
        /** Settled or released, or its lease is lost. Nothing more may be written to it. */
        NOT_SUPERVISED
    }

    /** The launcher call that a thread is in. */
    private enum LauncherCall {
        NONE,
        LAUNCH,
        OTHER
    }

    /**
     * A thread that works on the run.
     *
     * @param since when it entered or left its last launcher call, or began to work
     */
    private record WorkingThread(Thread thread, LauncherCall call, Instant since) {}

    private final Optional<Task> task;
    private final Instant claimedAt;
    private final CheckHistory history;
    private final Once supervisionEndedOnce = new Once();

    /** The attempt that may have been launched without a record, if there is one. */
    private OptionalInt unrecordedAttempt;

    private StoredRun stored;
    private Lease lease;
    private Instant renewAt;
    private State state = State.WAITING_FOR_SLOT;
    private Optional<PendingSettlement> settlement = Optional.empty();
    private Optional<WorkingThread> working = Optional.empty();
    private boolean isAbandoned;
    private boolean isCheckRequested;
    private boolean mustCheckAfterWork;

    /**
     * Creates a run that was just claimed and waits for a slot.
     *
     * @param task its task, if it was read with the claim
     */
    LeasedRun(ClaimedRun claimed, Optional<Task> task, Instant claimedAt, Instant renewAt) {
        this.task = task;
        this.history = new CheckHistory(claimed.entry());
        this.claimedAt = claimedAt;
        this.stored = claimed.stored();
        this.lease = claimed.lease();
        this.renewAt = renewAt;
        this.unrecordedAttempt =
                claimed.mayBeLaunched()
                        ? OptionalInt.of(claimed.run().attempt())
                        : OptionalInt.empty();
    }

    // --- the run and its lease

    /** Returns the run and its queue entry as last read or written. */
    synchronized StoredRun stored() {
        return stored;
    }

    /** Returns the run as last read or written. */
    Run run() {
        return stored().run();
    }

    /** Returns the timeouts of the run: its own, and those of the dispatcher for the rest. */
    DispatchTimeouts timeouts(DispatchOptions options) {
        return stored().entry()
                .map(entry -> options.timeouts().overriddenBy(entry.timeouts()))
                .orElse(options.timeouts());
    }

    synchronized Lease lease() {
        return lease;
    }

    synchronized SandboxId sandbox() {
        return SandboxId.of(stored.run());
    }

    /**
     * Returns whether a sandbox of the current attempt may have been launched, by this dispatcher
     * or an earlier one, while none is recorded.
     */
    synchronized boolean mayBeLaunchedUnrecorded() {
        return unrecordedAttempt.equals(OptionalInt.of(stored.run().attempt()))
                && stored.entry()
                        .filter(entry -> entry.phase() == QueueEntry.Phase.WAITING)
                        .isPresent();
    }

    Instant claimedAt() {
        return claimedAt;
    }

    /** Returns its task, or empty if it was not read with the claim. */
    Optional<Task> task() {
        return task;
    }

    /** Returns what earlier checks found. Only for the thread that works on the run. */
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
        stored = claimed.stored();
        lease = claimed.lease();
        renewAt = nextRenewal;
    }

    synchronized void changed(StoredRun current) {
        stored = current;
    }

    // --- state

    /** Gives a waiting run a slot. */
    synchronized void occupySlot() {
        if (state == State.WAITING_FOR_SLOT) {
            state = State.IN_SLOT;
        }
    }

    synchronized boolean occupiesSlot() {
        return state == State.IN_SLOT;
    }

    /**
     * Sets the final change. Called by the thread that works on the run. Does nothing if
     * supervision has ended.
     */
    synchronized void setSettlement(PendingSettlement decided) {
        if (state != State.NOT_SUPERVISED) {
            state = State.SETTLING;
            settlement = Optional.of(decided);
        }
    }

    /** Returns the final change that is decided and not yet written. */
    synchronized Optional<PendingSettlement> settlement() {
        return state == State.SETTLING ? settlement : Optional.empty();
    }

    /** Ends supervision: the run is settled or released, or its lease is lost. */
    synchronized void endSupervision() {
        state = State.NOT_SUPERVISED;
    }

    synchronized boolean hasSupervisionEnded() {
        return state == State.NOT_SUPERVISED;
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
     * Requests another check because the sandbox ended. A thread that works on the run may have
     * inspected the sandbox before its end, so it must check again.
     *
     * @return whether that thread, or the one that writes the final change, will check the run;
     *     otherwise the caller must request a check
     */
    synchronized boolean requestCheckAfterWork() {
        mustCheckAfterWork = working.isPresent() || state == State.SETTLING;
        return mustCheckAfterWork;
    }

    /** Returns whether the sandbox ended while a thread worked on the run. */
    synchronized boolean hasSandboxEndedDuringWork() {
        return mustCheckAfterWork;
    }

    /**
     * Returns whether the run must be checked because its sandbox ended, and resets the request.
     * Returns false while the final change is not yet written; the request is kept.
     */
    synchronized boolean takeCheckAfterWork() {
        if (state == State.SETTLING) {
            return false;
        }
        boolean requested = mustCheckAfterWork;
        mustCheckAfterWork = false;
        return requested;
    }

    // --- the working thread

    /**
     * Registers the calling thread as the one that works on the run. Returns false if another one
     * does, or the final change is not yet written.
     */
    synchronized boolean beginWork(Instant now) {
        if (working.isPresent() || state == State.SETTLING) {
            return false;
        }
        setCall(LauncherCall.NONE, now);
        return true;
    }

    /** Registers the calling thread after an attempt to write the final change. */
    synchronized void resumeWork(Instant now) {
        if (state == State.SETTLING) {
            state = State.IN_SLOT;
        }
        setCall(LauncherCall.NONE, now);
    }

    /** Records that the calling thread, which works on the run, enters a launcher call. */
    synchronized void enterLauncher(boolean launches, Instant now) {
        if (launches) {
            unrecordedAttempt = OptionalInt.of(stored.run().attempt());
        }
        setCall(launches ? LauncherCall.LAUNCH : LauncherCall.OTHER, now);
    }

    /** Records that the calling thread has returned from a launcher call. */
    synchronized void leaveLauncher(Instant now) {
        setCall(LauncherCall.NONE, now);
        if (isAbandoned) {
            Thread.interrupted(); // The interrupt was meant for the launcher only.
        }
    }

    private void setCall(LauncherCall call, Instant now) {
        working = Optional.of(new WorkingThread(Thread.currentThread(), call, now));
    }

    /** Ends the work of the calling thread. Returns whether the thread was abandoned. */
    synchronized boolean endWork() {
        working = Optional.empty();
        return isAbandoned;
    }

    /**
     * Returns whether the working thread has exceeded the limit of its launcher call or other step.
     */
    synchronized boolean isStuck(Instant now, Duration launchLimit, Duration stepLimit) {
        return !isAbandoned
                && working.filter(
                                it ->
                                        now.isAfter(
                                                it.since()
                                                        .plus(
                                                                it.call() == LauncherCall.LAUNCH
                                                                        ? launchLimit
                                                                        : stepLimit)))
                        .isPresent();
    }

    synchronized boolean isLaunching() {
        return working.filter(it -> it.call() == LauncherCall.LAUNCH).isPresent();
    }

    /**
     * Continues without the working thread, and interrupts it if it is in a launcher call.
     *
     * @return false if no thread works on the run
     */
    synchronized boolean abandon() {
        if (working.isEmpty()) {
            return false;
        }
        isAbandoned = true;
        if (working.get().call() != LauncherCall.NONE) {
            working.get().thread().interrupt();
        }
        return true;
    }

    /** Guards the event {@code SupervisionEnded}, which is published once. */
    Once supervisionEndedOnce() {
        return supervisionEndedOnce;
    }
}
