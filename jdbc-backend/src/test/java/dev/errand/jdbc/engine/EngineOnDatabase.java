package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.testing.engine.EngineContracts;
import dev.errand.testing.engine.EngineFactory;

/** The operations of the engine on a database: what they promise does not depend on which. */
abstract class EngineOnDatabase extends EngineContracts {

    /** The database of the test class. */
    abstract TestDatabase database();

    @Override
    protected EngineFactory factory() {
        return new JdbcEngineFactory(database());
    }
}
