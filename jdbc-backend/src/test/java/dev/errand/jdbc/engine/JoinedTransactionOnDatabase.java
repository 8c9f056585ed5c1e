package dev.errand.jdbc.engine;

import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.JoinedTransaction;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.store.Backend;
import dev.errand.testing.engine.HostTransactionContract;
import java.sql.Connection;

/** Transactions that the host begins and ends on a plain connection. */
abstract class JoinedTransactionOnDatabase extends HostTransactionContract {

    /** Returns the database of the test class. */
    abstract TestDatabase database();

    @Override
    protected Host openHost() {
        TestDatabase database = database();
        database.reset();
        return new PlainHost(database, JdbcBackend.builder(database.dataSource()).open());
    }

    private record PlainHost(TestDatabase database, JdbcBackend joining) implements Host {

        @Override
        public Backend backend() {
            return joining;
        }

        @Override
        public ObjectStore objects() {
            return InMemoryObjectStore.create(
                    joining.clock(), Secret.of("the signing key of the tests"));
        }

        @Override
        public <T> T inTransaction(Work<T> work) throws Exception {
            return inTransaction(Connection.TRANSACTION_READ_COMMITTED, true, work);
        }

        @Override
        public <T> T inRepeatableReadTransaction(Work<T> work) throws Exception {
            return inTransaction(Connection.TRANSACTION_REPEATABLE_READ, true, work);
        }

        @Override
        public <T> T rolledBack(Work<T> work) throws Exception {
            return inTransaction(Connection.TRANSACTION_READ_COMMITTED, false, work);
        }

        private <T> T inTransaction(int isolation, boolean commits, Work<T> work) throws Exception {
            try (Connection connection = database.dataSource().getConnection()) {
                connection.setTransactionIsolation(isolation);
                connection.setAutoCommit(false);
                try (JoinedTransaction transaction = joining.join(connection)) {
                    T result = work.call();
                    if (commits) {
                        connection.commit();
                        transaction.committed();
                    } else {
                        connection.rollback();
                        transaction.rolledBack();
                    }
                    return result;
                } catch (Exception e) {
                    connection.rollback();
                    throw e;
                }
            }
        }
    }
}
