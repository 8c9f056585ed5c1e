package dev.errand.internal.dispatch;

import dev.errand.dispatch.WorkContext;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A run that a worker pool has claimed, as a state machine:
 *
 * <pre>
 * WAITING ──▶ EXECUTING ──▶ CONCLUDED
 *    │                          ▲
 *    └──────────────────────────┘
 * </pre>
 *
 * <p>It is concluded once: by the thread of the handler when the handler returns, or before that by
 * the writer of the pool, which then ignores the handler's result.
 *
 * <p>Thread-safe: the monitor of this object guards all of its state.
 */
final class PooledRun implements WorkContext {

    /** Why the handler must stop. */
    enum Cancellation {
        /** The run has ended or must be stopped. */
        STOPPED,
        /** The time limit is over. */
        TIME_LIMIT,
        /** The lease is lost. */
        LEASE_LOST,
        /** The pool stops. */
        POOL_STOPPED
    }

    private enum State {
        /** Claimed; waits for a handler. */
        WAITING,
        /** The handler executes the run. */
        EXECUTING,
        /** The final change is decided, or the run is released, or its lease is lost. */
        CONCLUDED
    }

    private final Run run;
    private final Instant claimedAt;
    private ClaimedRun current;
    private Instant renewAt;
    private State state = State.WAITING;
    private Optional<Thread> thread = Optional.empty();
    private Optional<Instant> deadline = Optional.empty();
    private Optional<Cancellation> cancellation = Optional.empty();
    private Instant cancelledAt = Instant.MAX;

    PooledRun(ClaimedRun claimed, Instant claimedAt, Instant renewAt) {
        this.run = claimed.run();
        this.current = claimed;
        this.claimedAt = claimedAt;
        this.renewAt = renewAt;
    }

    // --- for the handler

    @Override
    public Run run() {
        return run;
    }

    @Override
    public synchronized boolean isCancelled() {
        return cancellation.isPresent();
    }

    @Override
    public synchronized Optional<Instant> deadline() {
        return deadline;
    }

    // --- the lease

    Instant claimedAt() {
        return claimedAt;
    }

    /** Returns the run as last read, and its lease. */
    synchronized ClaimedRun current() {
        return current;
    }

    Lease lease() {
        return current().lease();
    }

    synchronized boolean isRenewalDue(Instant now) {
        return !now.isBefore(renewAt);
    }

    /** Makes the lease due for renewal, which also reads the run again. */
    synchronized void requestRenewal() {
        renewAt = Instant.MIN;
    }

    synchronized void renewed(ClaimedRun renewed, Instant nextRenewal) {
        current = renewed;
        renewAt = nextRenewal;
    }

    // --- the handler's thread

    /**
     * Registers the calling thread, which calls the handler next. Returns false if the run was
     * concluded while it waited.
     */
    synchronized boolean begin(Optional<Duration> timeLimit, Instant now) {
        if (state != State.WAITING) {
            return false;
        }
        state = State.EXECUTING;
        thread = Optional.of(Thread.currentThread());
        deadline = timeLimit.map(now::plus);
        return true;
    }

    /** Records that the handler has returned to the calling thread. */
    synchronized void end() {
        thread = Optional.empty();
        if (cancellation.isPresent()) {
            Thread.interrupted(); // The interrupt was meant for the handler only.
        }
    }

    // --- the end

    /** Cancels the handler if it is executing and not cancelled yet. */
    synchronized void cancel(Cancellation reason, Instant now) {
        if (state == State.EXECUTING && cancellation.isEmpty()) {
            cancellation = Optional.of(reason);
            cancelledAt = now;
            thread.ifPresent(Thread::interrupt);
        }
    }

    synchronized Optional<Cancellation> cancellation() {
        return cancellation;
    }

    synchronized boolean isPastDeadline(Instant now) {
        return deadline.filter(end -> !now.isBefore(end)).isPresent();
    }

    /** Returns whether the handler was cancelled at or before this time. */
    synchronized boolean wasCancelledBy(Instant time) {
        return !cancelledAt.isAfter(time);
    }

    /** Concludes the run. Returns false if that has happened before. */
    synchronized boolean conclude() {
        boolean isFirst = state != State.CONCLUDED;
        state = State.CONCLUDED;
        return isFirst;
    }

    /** Concludes the run if no handler was called. Returns whether that is so. */
    synchronized boolean concludeUnlessBegun() {
        return state == State.WAITING && conclude();
    }
}
