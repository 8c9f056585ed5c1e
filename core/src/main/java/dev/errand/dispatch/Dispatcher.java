package dev.errand.dispatch;

import dev.errand.spi.run.RunId;
import java.time.Duration;

/**
 * Brings queued cloud runs to execution: claims them under a lease, launches their sandboxes,
 * watches them, and records how they end (design 5, contract G6).
 *
 * <p>A host either {@linkplain #start starts} it, and then it owns one thread that looks and as
 * many as it has slots that act, or calls {@link #runOnce} itself. Started on a backend that
 * {@linkplain dev.errand.spi.Backend#signals() signals}, it also hears what other nodes queue, on a
 * thread and a connection of the backend. Any number of dispatchers may work on one storage.
 * Nothing that must survive lives in it: after a crash another one goes on. Thread-safe.
 */
public interface Dispatcher extends AutoCloseable {

    /**
     * Begins to work, until it is closed.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    void start();

    /**
     * Takes one step for every run that it looks after, and claims more up to its slots; in the
     * calling thread, for hosts and tests that do not {@link #start} it.
     *
     * @return how many runs it looks after now
     */
    int runOnce();

    /** Looks for work at once: something was queued, or an end is near. */
    void wakeUp();

    /** Looks at a run at once: it was queued, or somebody wants it stopped. */
    void lookAt(RunId run);

    /** How many runs it looks after. */
    int supervisedRuns();

    /**
     * Claims nothing more, and waits until what it looks after has ended.
     *
     * @return whether all of it ended within the time
     */
    boolean drain(Duration atMost);

    /**
     * Stops the dispatcher's threads and releases its leases, so that another dispatcher continues
     * to supervise the runs. Sandboxes keep running.
     */
    @Override
    void close();
}
