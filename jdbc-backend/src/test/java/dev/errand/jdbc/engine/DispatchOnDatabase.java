package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.testing.engine.DispatchContracts;
import dev.errand.testing.engine.EngineFactory;

/** The dispatch scenarios on a database. */
abstract class DispatchOnDatabase extends DispatchContracts {

    /** Returns the database of the test class. */
    abstract TestDatabase database();

    @Override
    protected EngineFactory factory() {
        return new JdbcEngineFactory(database());
    }
}
