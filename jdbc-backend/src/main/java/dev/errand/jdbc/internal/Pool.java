package dev.errand.jdbc.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.spi.BackendException;
import java.util.Optional;
import javax.sql.DataSource;

/** The pool behind a backend that was opened by URL; it needs HikariCP. */
final class Pool implements AutoCloseable {

    private final HikariDataSource dataSource;

    private Pool(HikariDataSource dataSource) {
        this.dataSource = dataSource;
    }

    static Pool open(
            String url, Optional<String> user, Optional<String> password, int maxConnections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("errand");
        config.setJdbcUrl(url);
        user.ifPresent(config::setUsername);
        password.ifPresent(config::setPassword);
        config.setMaximumPoolSize(maxConnections);
        try {
            return new Pool(new HikariDataSource(config));
        } catch (RuntimeException e) {
            throw BackendException.retryable("JdbcBackend", "the database cannot be reached", e);
        }
    }

    DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
