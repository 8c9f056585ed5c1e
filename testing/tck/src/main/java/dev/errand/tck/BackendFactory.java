package dev.errand.tck;

import dev.errand.spi.store.Backend;
import java.time.Clock;

/**
 * Opens nodes over the storage under test.
 *
 * <p>A backend that keeps all data in one object returns that object from every call of {@link
 * #open}. A backend over a database opens another connection pool.
 */
public interface BackendFactory {

    /**
     * Opens another node over the storage. Called twice before each test, so that the test can use
     * two nodes; the test closes both.
     *
     * @param clock the clock that the backend must use; the same for both nodes
     */
    Backend open(Clock clock);

    /** Deletes all data. Called before and after each test, while no node is open. */
    void reset();

    /**
     * Returns the name under which passed tests are counted, or a blank text if they are not
     * counted.
     */
    default String name() {
        return getClass().getSimpleName();
    }
}
