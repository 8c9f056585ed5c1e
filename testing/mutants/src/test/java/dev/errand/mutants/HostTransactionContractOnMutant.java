package dev.errand.mutants;

import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.JoinedTransaction;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.HostTransaction;
import dev.errand.testing.engine.HostTransactionContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.h2.jdbcx.JdbcDataSource;

/** The contract of host transactions on H2, with a broken {@link Backend#hostTransaction}. */
class HostTransactionContractOnMutant extends HostTransactionContract {

    /** What a mutant does with the transaction of the host. */
    static volatile UnaryOperator<Optional<HostTransaction>> mutant;

    @Override
    protected Host openHost() {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return new MutatedHost(database, JdbcBackend.builder(database).migrate().open());
    }

    private record MutatedHost(JdbcDataSource database, JdbcBackend real) implements Host {

        @Override
        public Backend backend() {
            return (Backend)
                    Proxy.newProxyInstance(
                            Backend.class.getClassLoader(),
                            new Class<?>[] {Backend.class},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("hostTransaction")) {
                                    return mutant.apply(real.hostTransaction());
                                }
                                try {
                                    return method.invoke(real, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            });
        }

        @Override
        public ObjectStore objects() {
            return InMemoryObjectStore.create(
                    real.clock(), Secret.of("the signing key of the tests"));
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
            try (Connection connection = database.getConnection()) {
                connection.setTransactionIsolation(isolation);
                connection.setAutoCommit(false);
                try (JoinedTransaction transaction = real.join(connection)) {
                    T result = work.call();
                    if (commits) {
                        connection.commit();
                        transaction.committed();
                    } else {
                        connection.rollback();
                        transaction.rolledBack();
                    }
                    return result;
                }
            }
        }
    }
}
