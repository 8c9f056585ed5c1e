package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;

final class PostgresFaultTest extends FaultContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgresql(PostgresFaultTest.class);
    }
}
