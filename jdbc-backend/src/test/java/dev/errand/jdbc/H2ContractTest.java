package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;

/** The storage contracts on H2. */
class H2ContractTest extends StorageOnDatabase {

    @Override
    TestDatabase database() {
        return TestDatabase.h2(H2ContractTest.class);
    }
}
