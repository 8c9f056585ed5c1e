package dev.errand.dispatch;

import dev.errand.spi.ProjectScope;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Executes queued runs in the host's own process, as the alternative to a {@link Dispatcher}, which
 * launches sandboxes. It claims runs under leases, passes them to a {@link WorkHandler}, and
 * records the results. Do not use worker pools and dispatchers on one storage: a dispatcher claims
 * the runs of every project.
 *
 * <p>Any number of pools, in any number of processes, may work on one storage. A run stays {@code
 * queued} until its result is recorded. If the process dies, the lease expires and another pool
 * claims the run: execution is at-least-once, recording is exactly-once.
 *
 * <p><b>Writes.</b> One thread of the pool writes. It records all results that are ready and claims
 * the next runs in one transaction, and never waits for more results. The pool holds at most {@link
 * Builder#size size} runs that are executed and {@link Builder#prefetch prefetch} runs that wait
 * for a handler. If the storage fails, results are kept and written later.
 *
 * <p><b>Cancellation.</b> A handler is cancelled when its run is cancelled, handed off or otherwise
 * ended, when the task is deleted, when its time limit is exceeded, or when the lease is lost:
 * {@link WorkContext#isCancelled} becomes true and the thread is interrupted. Changes by this
 * engine are noticed at once; those of other nodes at a {@linkplain
 * dev.errand.spi.store.Backend#signals signal}, or otherwise at the next lease renewal. If the run
 * became {@code completed} or {@code failed} through the API, for example by an update that the
 * handler itself made, the handler is cancelled only after the {@linkplain Builder#gracePeriod
 * grace period}. The end is recorded when the handler returns, at the latest one grace period after
 * the cancellation. Later results are discarded.
 *
 * <p><b>Threads.</b> A started pool runs its loop and its handlers as tasks of its executor. By
 * default that has {@code size + 1} daemon threads, which end when the pool stops. On a backend
 * with signals, a started pool also listens for runs that other nodes queue, on a thread of the
 * backend.
 *
 * <p>Thread-safe.
 */
public interface WorkerPool extends AutoCloseable {

    /**
     * Starts the pool. It works until it is stopped or closed, and can be started again after
     * {@link #stop}.
     *
     * @throws IllegalStateException if it is started already, or closed
     */
    void start();

    /**
     * Stops a started pool: claims nothing more, returns runs that were not begun to the queue, and
     * waits up to the grace period for handlers. Handlers that still run are then cancelled, and
     * the pool waits for up to another grace period. If a cancelled handler returns, its result is
     * recorded. If it throws, its run returns to the queue. If it does neither, its lease expires.
     * Without {@link #start}, it does the same for the runs that {@link #runOnce} claimed.
     */
    void stop();

    /**
     * Records all results that are ready, and claims as many runs as there are free handlers.
     * Handlers run on the executor of the host, or on the calling thread if there is none. For
     * hosts and tests that do not {@link #start} the pool.
     *
     * @return the number of claimed runs
     * @throws dev.errand.spi.PortException if the storage fails; results are kept for the next call
     * @throws IllegalStateException if it is started or closed
     */
    int runOnce();

    /** Returns the number of handlers that are executing a run. */
    int runningHandlers();

    /** {@linkplain #stop Stops} the pool for good. */
    @Override
    void close();

    /** A builder for a worker pool. Every setting is optional. Not thread-safe. */
    interface Builder {

        /** Sets the projects whose runs are claimed. The default is every project. */
        Builder scope(ProjectScope scope);

        /**
         * Sets the name of this pool in leases and logs, unique among all pools on one storage. The
         * default is a random name.
         */
        Builder node(String node);

        /** Sets the number of handlers that run at the same time, at least 1. The default is 4. */
        Builder size(int size);

        /**
         * Sets the maximum number of claimed runs that wait for a handler, at least 0. The default
         * is twice the number of handlers. Runs are claimed in advance only if handlers are faster
         * than the poll interval. A run that waits longer than the poll interval is returned to the
         * queue.
         */
        Builder prefetch(int prefetch);

        /**
         * Sets the time after which a lease expires unless it is renewed. The pool renews it at the
         * first check after a third of that time. The default is 30 seconds.
         */
        Builder leaseDuration(Duration leaseDuration);

        /**
         * Sets the maximum pause between two checks of the queue and of all handlers. Time limits
         * are checked at this interval. The default is 1 second.
         */
        Builder pollInterval(Duration pollInterval);

        /**
         * Sets the time limit of a handler, after which it is cancelled and its run fails. The
         * limit of a run ({@link dev.errand.spi.run.RunTimeouts#total}) takes precedence. By
         * default there is no limit.
         */
        Builder timeLimit(Duration timeLimit);

        /**
         * Sets how long {@link WorkerPool#stop} waits for handlers to end, before and again after
         * it cancels them. Handlers that are cancelled for another reason have the same time to
         * end. The default is 10 seconds.
         */
        Builder gracePeriod(Duration gracePeriod);

        /**
         * Adds a listener for the events of the pool. Listeners are called in the order in which
         * they were added.
         */
        Builder listener(DispatchListener listener);

        /**
         * Sets the executor of the host that runs the handlers and, while the pool is started, its
         * loop, such as {@code Executors.newVirtualThreadPerTaskExecutor()}. It must run at least
         * {@link #size size} + 1 tasks at the same time. The host shuts it down after the pool is
         * closed.
         */
        Builder executor(Executor executor);

        /**
         * Creates the pool. It does nothing until {@link WorkerPool#start} or {@link
         * WorkerPool#runOnce} is called.
         *
         * @throws IllegalArgumentException if the node is blank, the size is below 1, the prefetch
         *     is negative, or a duration is not positive
         */
        WorkerPool build();
    }
}
