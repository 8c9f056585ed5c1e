package dev.errand.testing.engine;

import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.tck.BackendFactory;
import java.time.Clock;

/** Opens the storage and the object store of the engine under test. */
public interface EngineFactory {

    /** Returns the factory of the storage; each test opens one node. */
    BackendFactory storage();

    /**
     * Opens an empty object store that has a base address.
     *
     * @param clock the clock that determines when forms expire
     */
    LocalObjectStore openObjects(Clock clock);

    /**
     * Returns the port of the host that the engine uses, such as its directory or a listener: the
     * given one, or a wrapper.
     *
     * @param port the interface of the port
     */
    default <T> T between(Class<T> port, T real) {
        return real;
    }
}
