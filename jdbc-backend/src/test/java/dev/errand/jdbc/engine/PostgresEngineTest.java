package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;

/** The engine scenarios on PostgreSQL. */
class PostgresEngineTest extends EngineOnDatabase {

    @Override
    TestDatabase database() {
        return TestDatabase.postgresql(PostgresEngineTest.class);
    }
}
