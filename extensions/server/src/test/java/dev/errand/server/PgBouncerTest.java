package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.testpostgres.PgBouncer;
import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server behind a real PgBouncer in transaction mode. Runs in the profile {@code pgbouncer} only,
 * because it needs that program.
 */
@Tag("pgbouncer")
class PgBouncerTest {

    private static final int CLIENTS = 8;

    /** Fewer sessions than connections, so that sessions are shared. */
    private static final int SESSIONS = 4;

    private static final Duration LOAD =
            Duration.ofSeconds(Long.getLong("errand.pgbouncer.seconds", 60));

    @TempDir Path folder;

    private String direct;
    private PgBouncer pooler;

    @BeforeEach
    void startPooler() throws Exception {
        direct = PostgresServer.get().newDatabase("server_pgbouncer");
        pooler = PgBouncer.start(direct, SESSIONS);
    }

    @AfterEach
    void stopPooler() throws IOException {
        pooler.close();
    }

    @Test
    void theDriversDefaultSettingsAreRefused() throws Exception {
        ServerProcess.Exit exit =
                ServerProcess.runUntilExit(folder, List.of(), options(pooler.url(direct)));

        assertThat(exit.exitCode()).isEqualTo(1);
        assertThat(exit.err())
                .contains("connection pooler in transaction mode", "add prepareThreshold=0");
    }

    @Test
    void everyAcknowledgedChangeIsStoredAndNoRequestFails() throws Exception {
        Set<String> tasks = ConcurrentHashMap.newKeySet();
        Set<String> completed = ConcurrentHashMap.newKeySet();
        String url = pooler.url(direct) + "?prepareThreshold=0";
        try (ServerProcess server = ServerProcess.start(folder, options(url))) {
            ApiTestClient api = new ApiTestClient(server.url(), server.readToken());
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            long end = System.nanoTime() + LOAD.toNanos();
            List<Future<?>> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(
                        clients.submit(
                                () -> {
                                    while (System.nanoTime() < end) {
                                        runTask(api, tasks, completed);
                                    }
                                    return null;
                                }));
            }
            clients.shutdown();
            assertThat(clients.awaitTermination(LOAD.toSeconds() + 60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.errors()).contains("signals are off").doesNotContain("Exception");
            for (Future<?> load : loads) {
                load.get();
            }
        }

        assertThat(tasks).isNotEmpty();
        assertThat(completed).hasSameSizeAs(tasks);
        assertThat(stored("select id from errand_task")).containsAll(tasks);
        assertThat(stored("select id from errand_run where status = 'completed'"))
                .containsAll(completed);
    }

    /**
     * Creates a task and reports the start and the end of its run. Every reply must be successful.
     */
    private static void runTask(ApiTestClient api, Set<String> tasks, Set<String> completed)
            throws IOException {
        String task = api.createTask("Through a pooler");
        tasks.add(task);
        String run = api.run(task, "{}");
        String path = ApiTestClient.runPath(task, run);
        api.patch(path, "{\"status\": \"in_progress\"}").ok();
        api.post(path + "append_log/", "{\"entries\": [{\"type\": \"a\"}, {\"type\": \"b\"}]}")
                .ok();
        api.get("tasks/?limit=5").ok();
        api.patch(path, "{\"status\": \"completed\"}").ok();
        completed.add(run);
    }

    private List<String> options(String url) {
        return List.of(
                "--backend=" + url,
                "--db-user=postgres",
                "--key-file=" + folder.resolve("key"),
                "--migrate");
    }

    private Set<String> stored(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(direct);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            Set<String> ids = new HashSet<>();
            while (rows.next()) {
                ids.add(rows.getString("id"));
            }
            return ids;
        }
    }
}
