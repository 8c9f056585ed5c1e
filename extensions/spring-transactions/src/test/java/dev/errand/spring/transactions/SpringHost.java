package dev.errand.spring.transactions;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.testing.engine.HostTransactionContract.Host;
import dev.errand.testing.engine.HostTransactionContract.Work;
import dev.errand.testpostgres.PostgresServer;
import java.sql.SQLException;
import java.util.UUID;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** A host on a new database, whose transactions are managed by Spring. */
record SpringHost(HikariDataSource pool, DataSourceTransactionManager manager, JdbcBackend backend)
        implements Host {

    static SpringHost onPostgres() throws SQLException {
        return open(PostgresServer.get().newDatabase("spring_host"), true);
    }

    static SpringHost onH2() {
        return open(h2Url(), true);
    }

    /** Opens a host on H2 whose pool returns connections that are not in autocommit mode. */
    static SpringHost withoutAutocommit() {
        return open(h2Url(), false);
    }

    private static String h2Url() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000";
    }

    private static SpringHost open(String url, boolean autocommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setAutoCommit(autocommit);
        HikariDataSource pool = new HikariDataSource(config);
        return new SpringHost(
                pool,
                new DataSourceTransactionManager(pool),
                JdbcBackend.builder(pool)
                        .joiningTransactions(new SpringTransactions())
                        .migrate()
                        .open());
    }

    @Override
    public ObjectStore objects() {
        return InMemoryObjectStore.create(
                backend.clock(), Secret.of("the signing key of the tests"));
    }

    @Override
    public <T> T inTransaction(Work<T> work) throws Exception {
        return execute(new DefaultTransactionDefinition(), true, work);
    }

    @Override
    public <T> T inRepeatableReadTransaction(Work<T> work) throws Exception {
        DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
        definition.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        return execute(definition, true, work);
    }

    @Override
    public <T> T rolledBack(Work<T> work) throws Exception {
        return execute(new DefaultTransactionDefinition(), false, work);
    }

    /** Executes work with the given propagation, and commits. */
    <T> T inTransaction(int propagation, Work<T> work) throws Exception {
        return execute(new DefaultTransactionDefinition(propagation), true, work);
    }

    /** Executes work in a nested transaction and rolls it back. */
    <T> T rolledBackNested(Work<T> work) throws Exception {
        return execute(
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED),
                false,
                work);
    }

    private <T> T execute(TransactionDefinition definition, boolean commits, Work<T> work)
            throws Exception {
        TransactionStatus status = manager.getTransaction(definition);
        T result;
        try {
            result = work.call();
        } catch (Exception | AssertionError e) {
            manager.rollback(status);
            throw e;
        }
        if (commits) {
            manager.commit(status);
        } else {
            manager.rollback(status);
        }
        return result;
    }
}
