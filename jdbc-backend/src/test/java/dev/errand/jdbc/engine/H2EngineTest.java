package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;

/** The engine scenarios on H2. */
class H2EngineTest extends EngineOnDatabase {

    @Override
    TestDatabase database() {
        return TestDatabase.h2(H2EngineTest.class);
    }
}
