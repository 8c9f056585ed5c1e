package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/invariants.md#i13: the rows that an append reads do not depend on the length of the log. */
final class LogPlanTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int SEGMENTS = 1_000;

    private final TestClock clock = TestClock.at(aTask().build().createdAt());

    @Test
    void anAppendReadsNoSegment() throws SQLException {
        String plan = plan("a-" + SEGMENTS);

        // A new event is compared with no segment.
        assertThat(plan)
                .contains("Conflict Arbiter Indexes: errand_log_pkey")
                .containsPattern("errand_log_segment_pkey.*never executed")
                .doesNotContain("Seq Scan on errand_log_segment");
    }

    @Test
    void aRepeatedEventIsComparedWithTheSegmentsOfTheWindow() throws SQLException {
        assertThat(plan("a-7"))
                .containsPattern("errand_log_segment_pkey.*rows=1(\\.00)? loops=1")
                .contains("Rows Removed by Filter: " + (SEGMENTS - 1))
                .doesNotContain("Seq Scan on errand_log_segment");
    }

    /** Returns the plan of an append to a log of many segments, and what it read. */
    private String plan(String eventId) throws SQLException {
        TestDatabase database = TestDatabase.postgresql(LogPlanTest.class);
        database.reset();
        try (Backend backend = database.open(clock);
                Connection connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            Run run = insertRun(backend);
            IntStream.range(0, SEGMENTS).forEach(n -> append(backend, run, "a-" + n));
            statement.execute(
                    """
                    insert into errand_log_segment
                        (project_id, run_id, last_position, first_position, entries, types, times)
                    select 7, gen_random_uuid(), 1, 1, '{}', '{""}', '{null}'
                    from generate_series(1, 20000)""");
            statement.execute("analyze errand_log_segment");
            LogBatch batch = LogBatch.of(List.of(entry(eventId)));
            LogAppend append =
                    new LogAppend(
                            PROJECT,
                            run.id(),
                            Optional.of(SandboxId.of(run)),
                            batch,
                            clock.instant());
            SqlStatement explained =
                    new SqlStatement(
                            connection, "explain (analyze) " + PostgresLogWriter.APPEND, 0);
            return String.join(
                    "\n",
                    PostgresLogWriter.bind(explained, append, batch.segments(), batch.events(), -1)
                            .list(row -> row.text("QUERY PLAN")));
        }
    }

    private Run insertRun(Backend backend) {
        Task task =
                ((InsertResult.Inserted<Task>)
                                TestTasks.insertTask(
                                        backend.tasks(),
                                        PROJECT,
                                        aTask().build(),
                                        Optional.empty()))
                        .value();
        var run = aRun(task).queuedAt(clock.instant()).build();
        backend.runs().insert(PROJECT, run, Optional.empty());
        return run.stored().run();
    }

    private static void append(Backend backend, Run run, String eventId) {
        backend.log()
                .append(
                        PROJECT,
                        run.id(),
                        Optional.empty(),
                        List.of(entry(eventId)),
                        Optional.empty());
    }

    private static LogEntry entry(String eventId) {
        return new LogEntry(JsonText.EMPTY_OBJECT, Optional.of(eventId));
    }
}
