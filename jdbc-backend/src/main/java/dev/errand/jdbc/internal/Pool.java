package dev.errand.jdbc.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.spi.BackendException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;

/** The pool behind a backend that was opened by URL; it needs HikariCP. */
final class Pool implements AutoCloseable {

    /** The class of SQLStates for a user or password that is not accepted. */
    private static final String INVALID_AUTHORIZATION = "28";

    private final HikariDataSource dataSource;

    private Pool(HikariDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Opens a pool.
     *
     * @throws BackendException if no connection can be made
     */
    static Pool open(
            String url, Optional<String> user, Optional<String> password, int maxConnections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("errand");
        config.setJdbcUrl(url);
        user.ifPresent(config::setUsername);
        password.ifPresent(config::setPassword);
        config.setMaximumPoolSize(maxConnections);
        tryOut(url, user, password);
        try {
            return new Pool(new HikariDataSource(config));
        } catch (RuntimeException e) {
            throw unreachable(e);
        }
    }

    /** Fails at once and in words; the pool would log a trace, and then say less. */
    private static void tryOut(String url, Optional<String> user, Optional<String> password) {
        Properties login = new Properties();
        user.ifPresent(value -> login.setProperty("user", value));
        password.ifPresent(value -> login.setProperty("password", value));
        try {
            DriverManager.getConnection(url, login).close();
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            throw state.startsWith(INVALID_AUTHORIZATION)
                    ? BackendException.permanent(
                            "JdbcBackend", "the database refuses the user or the password", e)
                    : unreachable(e);
        }
    }

    private static BackendException unreachable(Exception cause) {
        return BackendException.retryable("JdbcBackend", "the database cannot be opened", cause);
    }

    DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
