package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.ModelContract;

/** Random histories on H2. */
class H2ModelTest extends ModelContract {

    @Override
    protected BackendFactory factory() {
        return TestDatabase.h2(H2ModelTest.class);
    }
}
