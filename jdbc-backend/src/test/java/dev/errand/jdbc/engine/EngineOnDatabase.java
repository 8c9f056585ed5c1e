package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.testing.engine.EngineContracts;
import dev.errand.testing.engine.EngineFactory;

/** The engine scenarios on a database. */
abstract class EngineOnDatabase extends EngineContracts {

    /** Returns the database of the test class. */
    abstract TestDatabase database();

    @Override
    protected EngineFactory factory() {
        return new JdbcEngineFactory(database());
    }
}
