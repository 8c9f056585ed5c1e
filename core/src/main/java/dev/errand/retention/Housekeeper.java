package dev.errand.retention;

import dev.errand.spi.PortException;
import java.time.Duration;

/**
 * Erases data: the tasks and logs that a {@link RetentionPolicy} no longer keeps, what has expired,
 * and the objects of erased tasks. It erases in small batches, so that it holds no lock for long.
 * Several nodes can run a housekeeper on one storage at the same time. Thread-safe.
 */
public interface Housekeeper extends AutoCloseable {

    /**
     * Makes one pass: erases everything that is due now, on the calling thread. Stops early if the
     * thread is interrupted.
     *
     * @throws PortException if the storage or the object store failed; batches that were completed
     *     remain erased, and the next call continues
     */
    HousekeepingResult runOnce();

    /**
     * Starts a daemon thread that calls {@link #runOnce} repeatedly, the first time after one
     * interval. A failed pass is logged and repeated after the interval. Does nothing if it is
     * started already. It can be started again after {@link #stop}.
     *
     * @param interval time between two passes
     * @throws IllegalArgumentException if {@code interval} is not positive
     * @throws IllegalStateException if the housekeeper is closed
     */
    void start(Duration interval);

    /**
     * Stops the thread, and waits up to ten seconds for the batch that it erases. Does nothing if
     * it is not started.
     */
    void stop();

    /** {@linkplain #stop Stops} the housekeeper for good. */
    @Override
    void close();
}
