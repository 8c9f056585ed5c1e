package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.jdbc.EnvironmentCheck.Settings;
import dev.errand.jdbc.PoolerSimulation.Mode;
import dev.errand.spi.PortException;
import dev.errand.spi.store.Backend;
import dev.errand.testpostgres.PostgresServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Which databases and connections a backend refuses when it is opened, and which it adapts to. */
final class EnvironmentCheckTest {

    private static final String DATABASE = "environment_check";

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            nullValues = "none",
            textBlock =
                    """
                    version, encoding,  standby, readOnly, strings, problem
                    140000,  UTF8,      false,   false,    on,      none
                    180001,  UTF8,      false,   false,    on,      none
                    139999,  UTF8,      false,   false,    on,      version 14 or later
                    150004,  SQL_ASCII, false,   false,    on,      SQL_ASCII
                    150004,  LATIN1,    false,   false,    on,      encoding 'UTF8'
                    150004,  UTF8,      true,    true,     on,      is a standby
                    150004,  UTF8,      false,   true,     on,      is read-only
                    150004,  UTF8,      false,   false,    off,     set it to on
                    """)
    void settingsThatCouldDamageDataAreRefused(
            int version,
            String encoding,
            boolean standby,
            boolean readOnly,
            String strings,
            String problem) {
        Settings settings =
                new Settings(version, encoding, standby, readOnly, strings, "read committed");

        assertThat(settings.problem().isPresent()).isEqualTo(problem != null);
        settings.problem().ifPresent(found -> assertThat(found).contains(problem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SQL_ASCII", "LATIN1"})
    void aDatabaseThatCannotStoreEveryTextIsRefused(String encoding) throws SQLException {
        DataSource admin = newDatabase();
        String name = "environment_check_" + encoding.toLowerCase();
        execute(admin, "drop database if exists " + name);
        execute(
                admin,
                "create database %s encoding '%s' lc_collate 'C' lc_ctype 'C' template template0"
                        .formatted(name, encoding));
        String url = ((DriverManagerDataSource) admin).getUrl();

        assertRefused(new DriverManagerDataSource(url.replace(DATABASE, name)), encoding);
    }

    @Test
    void aDatabaseWithoutStandardConformingStringsIsRefused() throws SQLException {
        DataSource database = newDatabase();
        configure(database, "standard_conforming_strings = off");

        assertRefused(database, "standard_conforming_strings is off");
    }

    @Test
    void aReadOnlyDatabaseIsRefused() throws SQLException {
        DataSource database = newDatabase();
        configure(database, "default_transaction_read_only = on");

        assertRefused(database, "is read-only");
    }

    @Test
    void aReadOnlyH2DatabaseIsRefused() {
        assertRefused(
                new DriverManagerDataSource("jdbc:h2:mem:;ACCESS_MODE_DATA=r"), "is read-only");
    }

    @Test
    void everyTransactionIsReadCommitted() throws SQLException {
        DataSource pool = newDatabase();
        configure(pool, "default_transaction_isolation = 'serializable'");
        ConnectionSource connections = new ConnectionSource(pool, any -> Optional.empty());
        EnvironmentCheck.Result result = check(pool, Dialect.POSTGRESQL, Clock.systemUTC());
        assertThat(result.setsIsolation()).isTrue();
        Database database =
                new Database(
                        connections, Dialect.POSTGRESQL, Duration.ZERO, result.setsIsolation());
        Database.Operation<Optional<String>> isolation =
                session ->
                        session.statement(
                                        "select current_setting('transaction_isolation') as isolation")
                                .findOne(row -> row.text("isolation"));

        assertThat(database.read("TaskStore", isolation)).contains("read committed");
        assertThat(database.execute("TaskStore", isolation)).contains("read committed");
        assertThat(database.inTransaction("TaskStore", isolation)).contains("read committed");
    }

    @Test
    void otherIsolationLevelsOfH2AreRefused() {
        DataSource serializable =
                withConnections(
                        new DriverManagerDataSource("jdbc:h2:mem:"),
                        connection -> {
                            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                            return connection;
                        });

        assertRefused(serializable, "READ COMMITTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"commit", "rollback"})
    void connectionsWhoseCommitOrRollbackHasNoEffectAreRefused(String method) throws SQLException {
        DataSource database =
                withConnections(newDatabase(), connection -> without(method, connection));

        assertRefused(database, "commit() and rollback() of the connections have no effect");
    }

    @Test
    void aFailedTransactionIsNotCommitted() throws SQLException {
        Database database = database(newDatabase());

        assertThatThrownBy(
                        () ->
                                database.inTransaction(
                                        "TaskStore",
                                        session -> {
                                            try {
                                                return session.statement("select 1 / 0").update();
                                            } catch (SQLException ignored) {
                                                return 0;
                                            }
                                        }))
                .isInstanceOf(PortException.class)
                .hasMessageContaining("25P02");
    }

    @Test
    void aCommitThatDoesNotEndTheTransactionIsAFailure() throws SQLException {
        Database database =
                database(
                        withConnections(
                                newDatabase(), connection -> without("commit", connection)));

        assertThatThrownBy(
                        () ->
                                database.inTransaction(
                                        "TaskStore",
                                        session -> session.statement("select 1").list(row -> row)))
                .isInstanceOf(PortException.class)
                .hasMessageContaining("25001");
    }

    @Test
    void aDirectConnectionHasItsOwnSession() throws SQLException {
        assertThat(check(newDatabase(), Dialect.POSTGRESQL, Clock.systemUTC()))
                .isEqualTo(new EnvironmentCheck.Result(false, false));
    }

    @Test
    void aPoolerInSessionModeIsAccepted() throws SQLException {
        try (PoolerSimulation pooler = new PoolerSimulation(url(""), Mode.SESSION)) {
            assertThat(check(pooler, Dialect.POSTGRESQL, Clock.systemUTC()).sharesSessions())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepareThreshold=1", "prepareThreshold=5", "prepareThreshold=-1"})
    void aPoolerInTransactionModeIsRefusedIfTheDriverPreparesStatements(String setting)
            throws SQLException {
        try (PoolerSimulation pooler = new PoolerSimulation(url(setting), Mode.TRANSACTION)) {
            assertRefused(pooler, "add prepareThreshold=0 to the JDBC URL");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepareThreshold=0", "preferQueryMode=simple"})
    void aPoolerInTransactionModeIsAcceptedWithoutPreparedStatementsAndSignals(String setting)
            throws SQLException {
        try (PoolerSimulation pooler = new PoolerSimulation(url(setting), Mode.TRANSACTION);
                CapturedWarnings warnings = new CapturedWarnings()) {
            JdbcBackend.builder(new DriverManagerDataSource(pooler.url())).migrate().open().close();
            try (Backend backend = JdbcBackend.builder(pooler).signalling().open()) {
                assertThat(backend.signals()).isEmpty();
            }
            assertThat(warnings.texts()).singleElement().asString().contains("signals are off");
        }
    }

    @Test
    void aDifferenceOfTheClocksIsLogged() {
        DataSource database = new DriverManagerDataSource("jdbc:h2:mem:");
        Duration bound = EnvironmentCheck.MAX_CLOCK_DIFFERENCE;
        try (CapturedWarnings warnings = new CapturedWarnings()) {
            check(database, Dialect.H2, Clock.systemUTC());
            assertThat(warnings.texts()).isEmpty();

            check(database, Dialect.H2, Clock.offset(Clock.systemUTC(), bound.multipliedBy(2)));
            check(database, Dialect.H2, Clock.offset(Clock.systemUTC(), bound.multipliedBy(-2)));

            assertThat(warnings.texts()).hasSize(2).allMatch(text -> text.contains("clock"));
        }
    }

    private static EnvironmentCheck.Result check(
            DataSource dataSource, Dialect dialect, Clock nodeClock) {
        ConnectionSource connections = new ConnectionSource(dataSource, any -> Optional.empty());
        return new EnvironmentCheck(connections, dialect, nodeClock).run();
    }

    private static Database database(DataSource dataSource) {
        return new Database(
                new ConnectionSource(dataSource, any -> Optional.empty()),
                Dialect.POSTGRESQL,
                Duration.ZERO,
                false);
    }

    private static void assertRefused(DataSource dataSource, String message) {
        assertThatThrownBy(() -> JdbcBackend.builder(dataSource).migrate().open())
                .isInstanceOfSatisfying(
                        PortException.class, e -> assertThat(e.isRetryable()).isFalse())
                .hasMessageContaining(message);
    }

    private static DataSource newDatabase() throws SQLException {
        return new DriverManagerDataSource(PostgresServer.get().newDatabase(DATABASE));
    }

    private static String url(String setting) throws SQLException {
        String url = PostgresServer.get().newDatabase(DATABASE);
        return setting.isEmpty() ? url : url + (url.contains("?") ? "&" : "?") + setting;
    }

    private static void configure(DataSource database, String setting) throws SQLException {
        execute(database, "alter database " + DATABASE + " set " + setting);
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Changes a connection. */
    @FunctionalInterface
    private interface Change {
        Connection of(Connection connection) throws SQLException;
    }

    private static DataSource withConnections(DataSource target, Change change) {
        return new DelegatingDataSource(target) {
            @Override
            public Connection getConnection() throws SQLException {
                return change.of(super.getConnection());
            }
        };
    }

    /** Returns a connection without a method, which does nothing instead. */
    private static Connection without(String name, Connection target) {
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals(name)) {
                                return null;
                            }
                            try {
                                return method.invoke(target, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    /** The warnings of the backend. */
    private static final class CapturedWarnings extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger("dev.errand.jdbc");
        private final List<String> texts = new ArrayList<>();

        CapturedWarnings() {
            logger.addHandler(this);
        }

        List<String> texts() {
            return texts;
        }

        @Override
        public void publish(LogRecord entry) {
            texts.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }
}
