package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.RunSignals;
import dev.errand.testpostgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Wake-up signals between nodes on PostgreSQL, including lost connections. */
class PostgresSignalsTest {

    private static final RunId RUN = RunId.of(UUID.randomUUID());

    private HikariDataSource pool;
    private JdbcBackend node;
    private JdbcBackend otherNode;
    private final List<Optional<RunId>> received = new CopyOnWriteArrayList<>();

    @BeforeEach
    void openTwoNodes() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(PostgresServer.get().newDatabase("signals_test"));
        config.setMaximumPoolSize(4);
        pool = new HikariDataSource(config);
        node = JdbcBackend.builder(pool).migrate().signalling().open();
        otherNode = JdbcBackend.builder(pool).signalling().open();
    }

    @AfterEach
    void closeBoth() {
        node.close();
        otherNode.close();
        pool.close();
    }

    @Test
    void aSignalReachesOnlyOtherNodes() {
        listen(node);
        List<Optional<RunId>> receivedByOther = new CopyOnWriteArrayList<>();
        signals(otherNode).listen(receivedByOther::add);
        await().until(() -> receivedByOther.size() == 1);

        signals(node).send(RUN);
        await().until(() -> receivedByOther.contains(Optional.of(RUN)));
        RunId second = RunId.of(UUID.randomUUID());
        signals(otherNode).send(second);
        await().until(() -> received.contains(Optional.of(second)));

        assertThat(received).containsExactly(Optional.empty(), Optional.of(second));
        assertThat(receivedByOther).containsExactly(Optional.empty(), Optional.of(RUN));
    }

    /** Two installations in one database have the same channel. */
    @Test
    void aSignalStaysInItsSchema() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create schema other");
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(pool.getJdbcUrl());
        config.addDataSourceProperty("currentSchema", "other");
        config.setMaximumPoolSize(4);
        try (HikariDataSource otherPool = new HikariDataSource(config);
                JdbcBackend foreign =
                        JdbcBackend.builder(otherPool).migrate().signalling().open()) {
            listen(otherNode);
            signals(foreign).send(RunId.of(UUID.randomUUID()));
            await().until(() -> threads("errand-signal-sender") == 0);

            signals(node).send(RUN);
            await().until(() -> received.contains(Optional.of(RUN)));
            assertThat(received).containsExactly(Optional.empty(), Optional.of(RUN));
        }
    }

    @Test
    void manySignalsSentAtOnceAllArrive() {
        listen(otherNode);
        List<RunId> many = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 150; i++) {
            many.add(RunId.of(UUID.randomUUID()));
        }

        many.forEach(signals(node)::send);

        await().until(() -> received.size() == 1 + many.size());
        assertThat(received).containsAll(many.stream().map(Optional::of).toList());
    }

    @Test
    void aListenerReconnectsAndReportsThatItMayHaveMissedSignals() throws SQLException {
        listen(otherNode);

        assertThat(query("select count(pg_terminate_backend(pid)) from " + LISTENERS)).isOne();

        await().until(() -> received.size() == 2);
        assertThat(received.get(1)).isEmpty();
        signals(node).send(RUN);
        await().until(() -> received.contains(Optional.of(RUN)));
    }

    @Test
    void closingASubscriptionReleasesItsConnectionAndThread() throws SQLException {
        RunSignals.Subscription listening = listen(otherNode);
        assertThat(query("select count(*) from " + LISTENERS)).isOne();

        listening.close();

        await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        await().until(() -> query("select count(*) from " + LISTENERS) == 0);
        await().until(() -> threads("errand-signal-listener") == 0);
        signals(node).send(RUN);
        await().until(() -> threads("errand-signal-sender") == 0);
        assertThat(received).doesNotContain(Optional.of(RUN));
    }

    @Test
    void signalsAreOffByDefault() {
        try (JdbcBackend plain = JdbcBackend.builder(pool).open()) {
            assertThat(plain.signals()).isEmpty();
        }
    }

    private static final String LISTENERS =
            "pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
                    + " and query = 'listen errand_queue'";

    private RunSignals.Subscription listen(JdbcBackend by) {
        RunSignals.Subscription listening = signals(by).listen(received::add);
        await().until(() -> received.size() == 1);
        return listening;
    }

    private static RunSignals signals(JdbcBackend backend) {
        return backend.signals().orElseThrow();
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    private long query(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
