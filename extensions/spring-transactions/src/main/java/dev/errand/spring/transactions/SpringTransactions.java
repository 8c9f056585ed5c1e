package dev.errand.spring.transactions;

import dev.errand.jdbc.HostTransactions;
import dev.errand.jdbc.JdbcHostTransaction;
import dev.errand.spi.PortException;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions that Spring manages for the current thread, declared by {@code @Transactional}
 * or made by a {@code TransactionTemplate}:
 *
 * <pre>{@code
 * JdbcBackend.builder(dataSource).joiningTransactions(new SpringTransactions()).open()
 * }</pre>
 *
 * <p>The data source must be the one of Spring's transaction manager, not a {@link
 * TransactionAwareDataSourceProxy} of it. The transaction manager must expose its JDBC connection,
 * as {@code DataSourceTransactionManager}, {@code JdbcTransactionManager} and {@code
 * JpaTransactionManager} do; {@code JtaTransactionManager} does not.
 *
 * <p>Propagation has its usual meaning: a suspended transaction is not joined, and with Spring 6.2
 * or later, the events of calls in a nested transaction that is rolled back are discarded. Calls
 * after the commit, from {@code afterCommit} or {@code afterCompletion} of another synchronization,
 * have transactions of their own.
 *
 * <p>Instances are thread-safe.
 */
public final class SpringTransactions implements HostTransactions {

    /** Creates an instance. */
    public SpringTransactions() {}

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the data source is a {@link
     *     TransactionAwareDataSourceProxy}, or the transaction manager has no transaction
     *     synchronization
     */
    @Override
    public Optional<JdbcHostTransaction> current(DataSource dataSource) {
        if (dataSource instanceof TransactionAwareDataSourceProxy) {
            throw new IllegalStateException(
                    "the data source must be the one of the transaction manager, but is a"
                            + " TransactionAwareDataSourceProxy; pass its target to"
                            + " JdbcBackend.builder(dataSource)");
        }
        if (!(TransactionSynchronizationManager.getResource(dataSource)
                        instanceof ConnectionHolder holder)
                || isInAutoCommitMode(holder)) {
            return Optional.empty();
        }
        boolean isActive = TransactionSynchronizationManager.isActualTransactionActive();
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            if (isActive) { // The transaction has ended and calls afterCompletion.
                return Optional.empty();
            }
            throw new IllegalStateException(
                    "the transaction manager must have transaction synchronization, but"
                            + " transactionSynchronization is SYNCHRONIZATION_NEVER");
        }
        return isActive ? transactionOf(holder) : Optional.empty();
    }

    private static Optional<JdbcHostTransaction> transactionOf(ConnectionHolder holder) {
        for (TransactionSynchronization each :
                TransactionSynchronizationManager.getSynchronizations()) {
            if (each instanceof SpringTransaction transaction && transaction.isOf(holder)) {
                return transaction.isCommitted() ? Optional.empty() : Optional.of(transaction);
            }
        }
        SpringTransaction transaction = new SpringTransaction(holder);
        TransactionSynchronizationManager.registerSynchronization(transaction);
        return Optional.of(transaction);
    }

    private static boolean isInAutoCommitMode(ConnectionHolder holder) {
        try {
            return holder.getConnection().getAutoCommit();
        } catch (SQLException e) {
            throw PortException.retryable(
                    "SpringTransactions", "the connection of the transaction failed", e);
        }
    }
}
