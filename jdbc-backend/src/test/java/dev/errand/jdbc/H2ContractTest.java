package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.StorageContracts;

/** The storage contracts on H2. */
class H2ContractTest extends StorageContracts {

    @Override
    protected BackendFactory factory() {
        return TestDatabase.h2(H2ContractTest.class);
    }
}
