package dev.errand.internal.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes the loop of a dispatcher or worker pool, and collects the final changes that it writes
 * next. Thread-safe.
 *
 * @param <S> a final change
 */
final class LoopInbox<S> {

    /** Why the loop continues. */
    enum Reason {
        /** The loop must end. */
        CLOSED,
        /** There may be something to claim, a run requested a check, or there are settlements. */
        SIGNALLED,
        /** All runs must be checked: the poll interval is over, or a full check was requested. */
        CHECK_ALL
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final long pollNanos;
    private long nextPoll;
    private boolean isOpen;
    private boolean isSignalled;
    private boolean isFullCheckRequested;
    private List<S> settlements = new ArrayList<>();

    LoopInbox(Duration pollInterval) {
        this.pollNanos = pollInterval.toNanos();
    }

    /** Opens the inbox for a new loop, which first checks all runs. */
    void open() {
        change(
                () -> {
                    isOpen = true;
                    nextPoll = System.nanoTime();
                });
    }

    /** Ends the loop. */
    void close() {
        change(() -> isOpen = false);
    }

    /** Wakes the loop: there may be something to claim, or a run requested a check. */
    void wake() {
        change(() -> isSignalled = true);
    }

    /** Wakes the loop to check all runs. */
    void requestFullCheck() {
        change(() -> isFullCheckRequested = true);
    }

    /** Adds a final change to those that are written next. */
    void add(S settlement) {
        change(() -> settlements.add(settlement));
    }

    private void change(Runnable update) {
        lock.lock();
        try {
            update.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the final changes that must be written, and removes them. */
    List<S> takeSettlements() {
        lock.lock();
        try {
            List<S> taken = settlements;
            settlements = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something to do, at most for the rest of the poll interval. */
    Reason await() throws InterruptedException {
        lock.lock();
        try {
            long left = nextPoll - System.nanoTime();
            while (isOpen
                    && left > 0
                    && !isSignalled
                    && !isFullCheckRequested
                    && settlements.isEmpty()) {
                left = changed.awaitNanos(left);
            }
            if (!isOpen) {
                return Reason.CLOSED;
            }
            boolean checksAll = isFullCheckRequested || nextPoll - System.nanoTime() <= 0;
            if (checksAll) {
                nextPoll = System.nanoTime() + pollNanos;
            }
            isSignalled = false;
            isFullCheckRequested = false;
            return checksAll ? Reason.CHECK_ALL : Reason.SIGNALLED;
        } finally {
            lock.unlock();
        }
    }
}
