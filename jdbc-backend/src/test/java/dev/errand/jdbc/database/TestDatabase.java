package dev.errand.jdbc.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.SecretKeys;
import dev.errand.spi.store.Backend;
import dev.errand.tck.BackendFactory;
import dev.errand.testpostgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database with Errand's tables and a connection pool, one per test class and kind. */
public final class TestDatabase implements BackendFactory {

    /** The key of the secrets in all tests. */
    public static final SecretKeys SECRET_KEYS =
            SecretKeys.of("test", new SecretKeySpec(new byte[32], "AES"));

    private static final List<String> TABLES =
            List.of(
                    "conversation",
                    "secret",
                    "log_segment",
                    "log",
                    "idempotency",
                    "staging",
                    "object_deletion",
                    "queue",
                    "run",
                    "task",
                    "project");

    private static final Map<String, TestDatabase> OPENED = new ConcurrentHashMap<>();

    private final HikariDataSource pool;

    private TestDatabase(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(64);
        config.setMinimumIdle(0);
        pool = new HikariDataSource(config);
        JdbcBackend.builder(pool).migrate().open().close();
    }

    /** Returns the PostgreSQL database of a test class. */
    public static TestDatabase postgresql(Class<?> test) {
        return opened(test, "pg_", TestDatabase::newPostgresDatabase);
    }

    /** Returns the in-memory H2 database of a test class. */
    public static TestDatabase h2(Class<?> test) {
        return opened(
                test,
                "h2_",
                name -> "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000");
    }

    private static TestDatabase opened(
            Class<?> test, String kind, Function<String, String> newDatabase) {
        String name = kind + test.getName().replaceAll("[^A-Za-z0-9]", "_").toLowerCase();
        String shortName = name.substring(Math.max(0, name.length() - 50));
        return OPENED.computeIfAbsent(
                kind.substring(0, 2) + shortName, key -> new TestDatabase(newDatabase.apply(key)));
    }

    private static String newPostgresDatabase(String name) {
        try {
            return PostgresServer.get().newDatabase(name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
    }

    @Override
    public String name() {
        return pool.getJdbcUrl().startsWith("jdbc:h2:") ? "H2" : "PostgreSQL";
    }

    /**
     * Returns a data source that opens a new connection each time, so that a broken one affects
     * nothing else.
     */
    public DataSource unpooled() {
        return new DriverManagerDataSource(pool.getJdbcUrl());
    }

    /**
     * Returns a data source that replaces broken connections: on PostgreSQL the pool, since opening
     * a connection takes long; on H2, whose failures the pool does not know, {@link #unpooled}.
     */
    public DataSource breakable() {
        return name().equals("H2") ? unpooled() : pool;
    }

    /** Returns the pool, for direct access to the tables. */
    public DataSource dataSource() {
        return pool;
    }

    @Override
    public Backend open(Clock clock) {
        return JdbcBackend.builder(pool).clock(clock).secretKeys(SECRET_KEYS).open();
    }

    @Override
    public void reset() {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.addBatch("delete from errand_" + table);
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot empty the tables", e);
        }
    }
}
