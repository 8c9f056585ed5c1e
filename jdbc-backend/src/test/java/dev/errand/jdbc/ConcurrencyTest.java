package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.error.ErrorCode;
import dev.errand.error.RequestException;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.objects.file.FileObjectStore;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestTasks;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Concurrency on one PostgreSQL; the contracts test smaller races. */
final class ConcurrencyTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int CONNECTIONS = 64;
    private static final int CHANGES = 5;
    private static final int RUNS = 2_000;
    private static final int CLAIMING_THREADS = 8;
    private static final int RUNS_OF_A_TASK = 30;

    @TempDir private Path folder;

    private final TestDatabase database = TestDatabase.postgresql(ConcurrencyTest.class);
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final List<Backend> nodes =
            List.of(database.open(Clock.systemUTC()), database.open(Clock.systemUTC()));

    @BeforeEach
    void emptyDatabase() {
        database.reset();
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    /**
     * docs/invariants.md#i4. Each connection belongs to a separate engine, and all are open at the
     * same time.
     */
    @Test
    void concurrentUpdatesOfOneRunAreNotLost() throws Exception {
        Run run = insertRun(insertTask());
        List<Connection> connections = new ArrayList<>();
        try {
            Set<Integer> sessions = new HashSet<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(database.dataSource().getConnection());
                sessions.add(connections.get(i).unwrap(PGConnection.class).getBackendPID());
            }
            assertThat(sessions).hasSize(CONNECTIONS);
            inParallel(
                    CONNECTIONS,
                    index -> {
                        ProjectClient project = engineOver(connections.get(index));
                        for (int i = 0; i < CHANGES; i++) {
                            add(project, run, "member_" + index + "_" + i);
                        }
                        return index;
                    });
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
        Run stored = nodes.get(0).runs().find(PROJECT, run.task(), run.id()).orElseThrow().run();
        for (int index = 0; index < CONNECTIONS; index++) {
            for (int i = 0; i < CHANGES; i++) {
                assertThat(stored.state().text()).contains("\"member_" + index + "_" + i + "\"");
            }
        }
        assertThat(stored.version()).isEqualTo(1 + CONNECTIONS * CHANGES);
    }

    private ProjectClient engineOver(Connection connection) {
        Backend backend =
                JdbcBackend.builder(new SingleConnectionDataSource(connection, true)).open();
        ObjectStore objects =
                FileObjectStore.open(
                        folder, Clock.systemUTC(), Secret.of("a key for signed forms"));
        ProjectDirectory directory = ProjectDirectory.of(new Project(PROJECT, "Acme Mobile App"));
        return Errand.builder(backend, objects, directory).build().project(PROJECT, Caller.host());
    }

    /** Adds a member to the run's state. Repeats the update after a conflict. */
    private static void add(ProjectClient project, Run run, String member) {
        UpdateRunRequest request =
                UpdateRunRequest.builder().state(JsonText.of("{\"" + member + "\":true}")).build();
        while (true) {
            try {
                project.runs().update(run.task(), run.id(), request);
                return;
            } catch (RequestException denied) {
                assertThat(denied.code()).isEqualTo(ErrorCode.CONFLICT);
            }
        }
    }

    /**
     * docs/invariants.md#i9: of the runs of a task, exactly the newest is found by the status
     * filter, whatever the order in which concurrent transactions insert them.
     */
    @Test
    void theNewestOfConcurrentlyInsertedRunsIsTheLatest() throws Exception {
        Task task = insertTask();
        List<Run> inserted =
                inParallel(
                        CLAIMING_THREADS,
                        index -> {
                            List<Run> runs = new ArrayList<>();
                            for (int i = 0; i < RUNS_OF_A_TASK; i++) {
                                NewRun run =
                                        aRun(task)
                                                .createdAt(task.createdAt().plusMillis(i % 3 * 10L))
                                                .build();
                                nodes.get(index % 2).runs().insert(PROJECT, run, Optional.empty());
                                runs.add(run.run());
                            }
                            return Collections.max(runs, Run.BY_AGE);
                        });
        Run newest = Collections.max(inserted, Run.BY_AGE);

        assertThat(nodes.get(0).tasks().find(PROJECT, task.id()).orElseThrow().latestRun())
                .contains(newest);
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet latest =
                        statement.executeQuery("select id from errand_run where latest")) {
            assertThat(latest.next()).isTrue();
            assertThat(latest.getObject(1, UUID.class)).isEqualTo(newest.id().value());
            assertThat(latest.next()).isFalse();
        }
    }

    /** docs/invariants.md#i6. */
    @Test
    void twoNodesClaimEachRunOnce() throws Exception {
        Task task = insertTask();
        inParallel(
                RUNS / 50,
                index -> {
                    for (int i = 0; i < 50; i++) {
                        insertRun(task);
                    }
                    return index;
                });
        List<List<ClaimedRun>> claimed =
                inParallel(
                        CLAIMING_THREADS,
                        index -> {
                            List<ClaimedRun> own = new ArrayList<>();
                            List<ClaimedRun> some;
                            do {
                                some =
                                        nodes.get(index % 2)
                                                .queue()
                                                .claim(
                                                        ProjectScope.everyProject(),
                                                        new ClaimRequest(
                                                                "node-" + index,
                                                                1 + index,
                                                                Duration.ofMinutes(5)));
                                own.addAll(some);
                            } while (!some.isEmpty());
                            return own;
                        });
        assertThat(claimed.stream().flatMap(List::stream).map(each -> each.run().id()))
                .hasSize(RUNS)
                .doesNotHaveDuplicates();
    }

    private Task insertTask() {
        return ((InsertResult.Inserted<Task>)
                        TestTasks.insertTask(
                                nodes.get(0).tasks(), PROJECT, aTask().build(), Optional.empty()))
                .value();
    }

    private Run insertRun(Task task) {
        var run = aRun(task).queuedAt(task.createdAt()).build();
        nodes.get(0).runs().insert(PROJECT, run, Optional.empty());
        return run.run();
    }

    private interface Part<T> {
        T of(int index) throws Exception;
    }

    private <T> List<T> inParallel(int parts, Part<T> part) throws Exception {
        List<Callable<T>> all = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int index = i;
            all.add(() -> part.of(index));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> each : threads.invokeAll(all)) {
            answers.add(each.get());
        }
        return answers;
    }
}
