package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;

/** The storage contracts on PostgreSQL. */
class PostgresContractTest extends StorageOnDatabase {

    @Override
    TestDatabase database() {
        return TestDatabase.postgresql(PostgresContractTest.class);
    }
}
