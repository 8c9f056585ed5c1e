package dev.errand.jdbc;

import java.util.Optional;
import javax.sql.DataSource;

/**
 * Finds the transactions of the host in which calls of a backend take part; see {@link
 * JdbcBackend.Builder#joiningTransactions}. The module {@code errand-spring-transactions} has an
 * implementation for Spring. Implementations are thread-safe.
 */
@FunctionalInterface
public interface HostTransactions {

    /**
     * Returns the transaction of the host that is active on the current thread and has a connection
     * of the given data source, or empty if there is none. Called for every operation.
     *
     * @param dataSource the data source of the backend
     */
    Optional<JdbcHostTransaction> current(DataSource dataSource);
}
