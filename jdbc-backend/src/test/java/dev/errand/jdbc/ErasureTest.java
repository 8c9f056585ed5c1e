package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.TaskSelection;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestArtifacts;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestRuns;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Searches all tables for text of an erased task (docs/invariants.md#i14). */
class ErasureTest {

    private static final String TEXT = "planted-7f3a9";
    private static final ProjectId PROJECT = ProjectId.of(7);

    static Stream<TestDatabase> databases() {
        return Stream.of(
                TestDatabase.h2(ErasureTest.class), TestDatabase.postgresql(ErasureTest.class));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void noTextOfAnErasedTaskIsLeftInAnyTable(TestDatabase database) throws SQLException {
        database.reset();
        TestClock clock = TestClock.at(Instant.parse("2026-05-06T09:00:00Z"));
        try (Backend backend = database.open(clock)) {
            Task task = plant(backend, clock.instant());
            assertThat(tablesWithText(database))
                    .containsExactly(
                            "errand_idempotency",
                            "errand_log_segment",
                            "errand_run",
                            "errand_staging",
                            "errand_task");

            backend.retention().eraseTasks(new TaskSelection.Single(PROJECT, task.id()), 1);
            assertThat(tablesWithText(database)).containsExactly("errand_object_deletion");

            backend.retention().removeObjectDeletions(backend.retention().listObjectDeletions(9));
            assertThat(tablesWithText(database)).isEmpty();
        }
    }

    /** Inserts a task whose fields, run, log, upload and stored answers contain the text. */
    private static Task plant(Backend backend, Instant now) {
        Idempotency creation = new Idempotency("user:31", "POST", "a", "hash");
        Task task =
                ((InsertResult.Inserted<Task>)
                                TestTasks.insertTask(
                                        backend.tasks(),
                                        PROJECT,
                                        aTask().withTitle(TEXT).withDescription(TEXT).build(),
                                        Optional.of(creation)))
                        .value();
        TestRuns run = aRun(task).withBranch(TEXT).withState("{\"prompt\":\"" + TEXT + "\"}");
        backend.runs()
                .insert(
                        PROJECT,
                        run.build(),
                        Optional.of(new Idempotency("user:31", "POST", "b", "hash")));
        RunId id = run.build().run().id();
        LogEntry entry =
                new LogEntry(JsonText.of("{\"text\":\"" + TEXT + "\"}"), Optional.of(TEXT));
        backend.log().append(PROJECT, id, Optional.empty(), List.of(entry), Optional.empty());
        Reservation free = TestArtifacts.aReservation(task, now);
        backend.staging()
                .reserve(
                        PROJECT,
                        List.of(
                                new Reservation(
                                        task.id(), free.id(), "tasks/" + TEXT, free.expiresAt())));
        return task;
    }

    private static Set<String> tablesWithText(TestDatabase database) throws SQLException {
        Set<String> found = new TreeSet<>();
        try (Connection connection = database.dataSource().getConnection()) {
            for (String table : tables(connection)) {
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("select * from " + table)) {
                    int columns = rows.getMetaData().getColumnCount();
                    while (rows.next()) {
                        for (int i = 1; i <= columns; i++) {
                            String value = rows.getString(i);
                            if (value != null && value.contains(TEXT)) {
                                found.add(table);
                            }
                        }
                    }
                }
            }
        }
        return found;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet all =
                connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
            while (all.next()) {
                tables.add(all.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        try (ResultSet all =
                connection.getMetaData().getTables(null, null, "%", new String[] {"BASE TABLE"})) {
            while (all.next()) {
                if ("PUBLIC".equals(all.getString("TABLE_SCHEM"))) {
                    tables.add(all.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
                }
            }
        }
        tables.removeIf(table -> !table.startsWith("errand_") || table.equals("errand_migration"));
        return tables;
    }
}
