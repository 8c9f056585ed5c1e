package dev.errand.spring.transactions;

import dev.errand.testing.engine.HostTransactionContract;
import org.junit.jupiter.api.AfterEach;

/** An engine in transactions of Spring on H2. */
class H2SpringTransactionsTest extends HostTransactionContract {

    private SpringHost host;

    @Override
    protected Host openHost() {
        host = SpringHost.onH2();
        return host;
    }

    @AfterEach
    void closePool() {
        host.pool().close();
    }
}
