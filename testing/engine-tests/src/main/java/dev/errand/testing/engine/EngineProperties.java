package dev.errand.testing.engine;

import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Fixture of the engine properties: an engine with initially empty storage. */
public abstract class EngineProperties {

    /** The engine under test, the same in all tries of a property. */
    TestEngine engine;

    /** A JSON client for Rosa in the first project. */
    WireClient rosa;

    private EngineFactory factory;

    /** For the properties in this package. */
    EngineProperties() {}

    /** Returns the factory of the engine under test; called once for each property. */
    protected abstract EngineFactory factory();

    /** Opens the engine with empty storage. */
    @BeforeProperty
    public void openEngine() {
        factory = factory();
        factory.storage().reset();
        engine = new TestEngine(factory);
        rosa = new WireClient(engine.rosas());
    }

    /** Closes the engine and empties the storage. */
    @AfterProperty
    public void closeEngine() {
        engine.close();
        factory.storage().reset();
    }
}
