package dev.errand.internal.dispatch;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * An executor that counts the tasks it has not completed, so that a dispatcher can wait for its own
 * tasks on an executor that it does not own. A task is a {@link Runnable}. Thread-safe.
 */
final class TrackingExecutor implements Executor {

    private final Executor executor;
    private int pending;

    TrackingExecutor(Executor executor) {
        this.executor = executor;
    }

    /**
     * Passes a task to the executor.
     *
     * @throws RejectedExecutionException if the executor rejects it
     */
    @Override
    public void execute(Runnable task) {
        begin();
        try {
            executor.execute(
                    () -> {
                        try {
                            task.run();
                        } finally {
                            end();
                        }
                    });
        } catch (RejectedExecutionException rejected) {
            end();
            throw rejected;
        }
    }

    private synchronized void begin() {
        pending++;
    }

    private synchronized void end() {
        pending--;
        notifyAll();
    }

    /** Waits until all tasks are complete; returns whether that is so within the timeout. */
    synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long left = timeout.toNanos();
        while (pending > 0 && left > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = end - System.nanoTime();
        }
        return pending == 0;
    }
}
