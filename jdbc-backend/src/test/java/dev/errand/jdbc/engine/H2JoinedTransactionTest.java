package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;

/** Transactions of the host on H2. */
class H2JoinedTransactionTest extends JoinedTransactionOnDatabase {

    @Override
    TestDatabase database() {
        return TestDatabase.h2(H2JoinedTransactionTest.class);
    }
}
