package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;

/** The dispatch scenarios on PostgreSQL. */
class PostgresDispatchTest extends DispatchOnDatabase {

    @Override
    TestDatabase database() {
        return TestDatabase.postgresql(PostgresDispatchTest.class);
    }
}
