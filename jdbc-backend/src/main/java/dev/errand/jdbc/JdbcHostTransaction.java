package dev.errand.jdbc;

import dev.errand.spi.store.HostTransaction;
import java.sql.Connection;

/** A transaction that the host began and will end on a JDBC connection. */
public interface JdbcHostTransaction extends HostTransaction {

    /**
     * Returns the connection of the transaction, which is not in autocommit mode. The backend does
     * not commit, roll back or close it, except for rollbacks to savepoints that it has set itself.
     */
    Connection connection();
}
