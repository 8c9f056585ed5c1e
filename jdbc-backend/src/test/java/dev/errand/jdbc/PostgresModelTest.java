package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.ModelContract;

/** Random histories on PostgreSQL. */
class PostgresModelTest extends ModelContract {

    @Override
    protected BackendFactory factory() {
        return TestDatabase.postgresql(PostgresModelTest.class);
    }
}
