package dev.errand.internal.dispatch;

import java.util.Optional;

/** An action that runs once. Thread-safe; no lock is held while it runs. */
final class OneTimeAction {

    private Optional<Thread> runner = Optional.empty();
    private boolean isDone;

    /**
     * Runs the action if none was run before. Returns after it has run, by whichever thread, except
     * to a caller within the action itself.
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
