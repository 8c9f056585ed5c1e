package dev.errand.tck;

import dev.errand.spi.store.Backend;
import java.time.Clock;

/**
 * How the contract tests get at one storage.
 *
 * <p>A backend that keeps everything in one object answers every {@link #open} with that object;
 * one over a database opens another connection pool.
 */
public interface BackendFactory {

    /**
     * Opens one more node over the factory's storage. Called twice before a test, so that it can
     * play two nodes against each other, and both are closed after it.
     *
     * @param clock the clock that the backend must go by, the same for both nodes
     */
    Backend open(Clock clock);

    /** Empties the storage. Called before and after a test, while no node is open. */
    void reset();

    /** What the storage is called where the tests that it passed are counted; blank for nowhere. */
    default String name() {
        return getClass().getSimpleName();
    }
}
