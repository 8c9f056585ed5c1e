package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.StorageContracts;

/** The storage contracts on PostgreSQL. */
class PostgresContractTest extends StorageContracts {

    @Override
    protected BackendFactory factory() {
        return TestDatabase.postgresql(PostgresContractTest.class);
    }
}
