package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;

/** The dispatch scenarios on H2. */
class H2DispatchTest extends DispatchOnDatabase {

    @Override
    TestDatabase database() {
        return TestDatabase.h2(H2DispatchTest.class);
    }
}
