package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.testing.engine.DispatchContracts;
import dev.errand.testing.engine.EngineFactory;

/** The dispatch protocol on a database: what it promises does not depend on which. */
abstract class DispatchOnDatabase extends DispatchContracts {

    /** The database of the test class. */
    abstract TestDatabase database();

    @Override
    protected EngineFactory factory() {
        return new JdbcEngineFactory(database());
    }
}
