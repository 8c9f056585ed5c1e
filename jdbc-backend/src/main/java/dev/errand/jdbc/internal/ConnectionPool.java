package dev.errand.jdbc.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.spi.PortException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;

/** The HikariCP pool of a backend that was opened by URL. */
final class ConnectionPool implements AutoCloseable {

    /** SQLState class "invalid authorization specification". */
    private static final String INVALID_AUTHORIZATION = "28";

    private final HikariDataSource dataSource;

    private ConnectionPool(HikariDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Opens a pool.
     *
     * @throws PortException if no connection can be established
     */
    static ConnectionPool open(
            String url, Optional<String> user, Optional<String> password, int maxConnections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("errand");
        config.setJdbcUrl(url);
        user.ifPresent(config::setUsername);
        password.ifPresent(config::setPassword);
        config.setMaximumPoolSize(maxConnections);
        checkConnection(url, user, password);
        try {
            return new ConnectionPool(new HikariDataSource(config));
        } catch (RuntimeException e) {
            throw unreachable(e);
        }
    }

    /**
     * Opens one connection directly, so that a failure is reported immediately and with its cause;
     * the pool would log a stack trace and report less.
     */
    private static void checkConnection(
            String url, Optional<String> user, Optional<String> password) {
        Properties login = new Properties();
        user.ifPresent(value -> login.setProperty("user", value));
        password.ifPresent(value -> login.setProperty("password", value));
        try {
            DriverManager.getConnection(url, login).close();
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            throw state.startsWith(INVALID_AUTHORIZATION)
                    ? PortException.permanent(
                            "JdbcBackend", "the database rejected the user or the password", e)
                    : unreachable(e);
        }
    }

    private static PortException unreachable(Exception cause) {
        return PortException.retryable("JdbcBackend", "cannot connect to the database", cause);
    }

    DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
