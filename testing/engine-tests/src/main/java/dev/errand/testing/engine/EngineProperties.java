package dev.errand.testing.engine;

import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** What the properties of the engine share: one engine, over a storage empty at first. */
public abstract class EngineProperties {

    /** The engine under test, the same in all tries of a property. */
    TestEngine engine;

    /** Rosa in the first project, in JSON. */
    WireClient rosa;

    private EngineFactory factory;

    /** For the properties. */
    EngineProperties() {}

    /** How to get at what is tested; asked once a property. */
    protected abstract EngineFactory factory();

    /** Opens the engine over an empty storage. */
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
