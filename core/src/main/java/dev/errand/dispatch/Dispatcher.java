package dev.errand.dispatch;

import dev.errand.spi.run.RunId;
import java.time.Duration;

/**
 * Executes queued runs whose environment is {@code cloud}. The client executes {@code local} runs.
 * A dispatcher claims runs under a lease, launches their sandboxes, supervises them, and records
 * how they end (docs/wire/runs.md#g6).
 *
 * <p>A host either {@linkplain #start starts} it or calls {@link #runOnce} itself. Any number of
 * dispatchers, in any number of processes, may work on one storage. A dispatcher keeps no state
 * that must survive: after a crash, another one continues when the lease expires. Thread-safe.
 *
 * <p><b>Threads.</b> A started dispatcher runs its loop, all launcher calls and all {@link
 * DispatchListener} calls as tasks of its executor. By default that has {@code slots + 1} daemon
 * threads; a host may pass its own executor to {@code Errand.dispatcher(...)}. {@link #runOnce},
 * {@link #stop} and {@link #close} make these calls on the calling thread. Only a thread that is in
 * a launcher call is ever interrupted. On a backend with {@linkplain
 * dev.errand.spi.store.Backend#signals() signals}, a started dispatcher also listens for runs that
 * other nodes queue, on a thread of the backend.
 */
public interface Dispatcher extends AutoCloseable {

    /**
     * Starts the dispatcher. It works until it is stopped or closed, and can be started again after
     * {@link #stop}.
     *
     * @throws IllegalStateException if it is started already, or closed
     */
    void start();

    /**
     * Stops a started dispatcher: waits up to 30 seconds for launcher calls to return, interrupts
     * those that do not, and releases all leases so that other dispatchers continue to supervise
     * the runs. Sandboxes keep running. Does nothing if there is nothing to stop.
     */
    void stop();

    /**
     * Performs one dispatch cycle on the calling thread: checks all supervised runs and claims as
     * many runs as there are free slots. For hosts and tests that do not {@link #start} the
     * dispatcher.
     *
     * @return the number of supervised runs after the cycle
     * @throws IllegalStateException if it is started or closed
     */
    int runOnce();

    /** Triggers an immediate check of the queue and of all supervised runs, if started. */
    void wakeUp();

    /**
     * Triggers an immediate check of a run that was queued or must be stopped. If this dispatcher
     * supervises the run, it reads it again; otherwise it checks the queue.
     */
    void check(RunId run);

    /** Returns the number of runs that this dispatcher supervises. */
    int supervisedRuns();

    /**
     * Claims no more runs and waits until all supervised runs have ended. To claim runs again, call
     * {@link #stop} and then {@link #start}.
     *
     * @param timeout maximum time to wait
     * @return whether all of them ended within the timeout
     */
    boolean drain(Duration timeout);

    /** {@linkplain #stop Stops} the dispatcher for good and removes it from its engine. */
    @Override
    void close();
}
