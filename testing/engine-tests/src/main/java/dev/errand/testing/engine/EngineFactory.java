package dev.errand.testing.engine;

import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.tck.BackendFactory;
import java.time.Clock;

/** How the scenario tests get at what an engine stands on: one storage and one object store. */
public interface EngineFactory {

    /** The storage of tasks and runs; one node of it is opened for a test. */
    BackendFactory storage();

    /**
     * Opens an object store that holds nothing and is served somewhere.
     *
     * @param clock tells when forms expire
     */
    LocalObjectStore openObjects(Clock clock);

    /**
     * What the engine has for a port of its host, such as its directory or a listener: the test's
     * own, or what stands before it.
     *
     * @param port the port's interface
     */
    default <T> T between(Class<T> port, T real) {
        return real;
    }
}
