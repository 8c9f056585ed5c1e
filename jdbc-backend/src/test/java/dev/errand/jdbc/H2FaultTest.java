package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;

final class H2FaultTest extends FaultContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2(H2FaultTest.class);
    }
}
