package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.BackendModelProperties;

/** Random histories on PostgreSQL. */
class PostgresModelProperties extends BackendModelProperties {

    @Override
    protected BackendFactory factory() {
        return TestDatabase.postgresql(PostgresModelProperties.class);
    }
}
