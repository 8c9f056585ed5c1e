package dev.errand.spring.transactions;

import dev.errand.testing.engine.HostTransactionContract;
import org.junit.jupiter.api.AfterEach;

/** An engine in transactions of Spring on PostgreSQL. */
class PostgresSpringTransactionsTest extends HostTransactionContract {

    private SpringHost host;

    @Override
    protected Host openHost() throws Exception {
        host = SpringHost.onPostgres();
        return host;
    }

    @AfterEach
    void closePool() {
        host.pool().close();
    }
}
