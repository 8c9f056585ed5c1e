package dev.errand.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs work on files that an agent controls. Such work may take long or, on a file system of the
 * agent, never end. Each task therefore has a thread of its own, and nobody waits for it without a
 * deadline. Thread-safe.
 */
final class FileWork {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

    private final AtomicLong threads = new AtomicLong();
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    KEEP_ALIVE.toMillis(),
                    TimeUnit.MILLISECONDS,
                    new SynchronousQueue<>(),
                    this::thread);

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "errand-sandbox-files-" + threads.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Starts a task. A task of a closed instance fails. */
    <T> Task<T> start(Callable<T> work) {
        Task<T> task = new Task<>();
        try {
            executor.execute(() -> task.run(work));
        } catch (RuntimeException | Error rejected) {
            // The launcher is closed, or no thread can be created.
            task.result.completeExceptionally(rejected);
        }
        return task;
    }

    /** Accepts no further task and waits for running ones. Returns whether all have ended. */
    boolean close(Duration atMost) throws InterruptedException {
        executor.shutdown();
        return executor.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * A started task.
     *
     * @param <T> the type of its result
     */
    static final class Task<T> {
        private final long startedAt = System.nanoTime();
        private final CompletableFuture<T> result = new CompletableFuture<>();

        private void run(Callable<T> work) {
            try {
                result.complete(work.call());
            } catch (Exception | Error failure) {
                result.completeExceptionally(failure);
            }
        }

        boolean isDone() {
            return result.isDone();
        }

        /** Returns whether the task has run for longer than a duration. */
        boolean isOverdue(Duration atMost) {
            return !isDone() && System.nanoTime() - startedAt > atMost.toNanos();
        }

        /** Returns the result; empty if the task is running or has failed. */
        Optional<T> result() {
            return isDone() && !result.isCompletedExceptionally()
                    ? Optional.of(result.join())
                    : Optional.empty();
        }

        /** Waits for the end of the task. An interrupt is restored. */
        void awaitEnd(Duration atMost) {
            try {
                await(atMost);
            } catch (CompletionException failed) {
                // The result is missing then.
            }
        }

        /** Runs an action when the task ends, on its thread. */
        void onEnd(Runnable action) {
            result.whenComplete((ignored, failure) -> action.run());
        }

        /**
         * Waits for the result; empty on timeout or interrupt. An interrupt is restored.
         *
         * @throws CompletionException if the task failed
         */
        Optional<T> await(Duration atMost) {
            try {
                return Optional.of(result.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException running) {
                return Optional.empty();
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            } catch (ExecutionException | CancellationException failed) {
                throw new CompletionException(failed.getCause());
            }
        }
    }
}
