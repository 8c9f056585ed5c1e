package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;

/** Transactions of the host on PostgreSQL. */
class PostgresJoinedTransactionTest extends JoinedTransactionOnDatabase {

    @Override
    TestDatabase database() {
        return TestDatabase.postgresql(PostgresJoinedTransactionTest.class);
    }
}
