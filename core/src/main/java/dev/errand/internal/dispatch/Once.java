package dev.errand.internal.dispatch;

import java.util.Optional;

/** Runs at most one action. Thread-safe; no lock is held while the action runs. */
final class Once {

    private Optional<Thread> runner = Optional.empty();
    private boolean isDone;

    /**
     * Runs the first action that is given and no other. Other threads wait until that action has
     * finished; a nested call from within the action returns at once.
     */
    void run(Runnable action) {
        if (isFirst()) {
            try {
                action.run();
            } finally {
                done();
            }
        }
    }

    private synchronized boolean isFirst() {
        if (runner.isEmpty()) {
            runner = Optional.of(Thread.currentThread());
            return true;
        }
        boolean wasInterrupted = false;
        while (!isDone && runner.get() != Thread.currentThread()) {
            try {
                wait();
            } catch (InterruptedException later) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private synchronized void done() {
        isDone = true;
        notifyAll();
    }
}
