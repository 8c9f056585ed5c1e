package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.PlanRecorder;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.LogPage;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/wire/logs.md#i8: a page reads the segments of its own entries, however long the log is. */
final class LogPageCostTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int SEGMENTS = 400;
    private static final int PER_SEGMENT = 5;
    private static final int PAGE = 2;
    private static final Pattern SCANNED = Pattern.compile("scanCount: ([0-9]+)");

    private final TestClock clock = TestClock.at(aTask().build().createdAt());

    @ParameterizedTest
    @ValueSource(longs = {0, 1_001, SEGMENTS * PER_SEGMENT - PAGE})
    void aPageReadsFewRowsOnPostgreSql(long offset) throws SQLException {
        TestDatabase database = TestDatabase.postgresql(LogPageCostTest.class);
        database.reset();
        PlanRecorder recorder = new PlanRecorder(database.dataSource());
        try (Backend backend = JdbcBackend.builder(recorder).clock(clock).open();
                Connection connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            Run run = logged(backend);
            statement.execute("analyze errand_log_segment");

            List<PlanRecorder.Plan> plans =
                    recorder.record(() -> assertThat(page(backend, run, offset)).hasSize(PAGE));

            assertThat(plans)
                    .hasSize(2)
                    .allSatisfy(
                            plan ->
                                    assertThat(plan.mostRows())
                                            .as(plan.text())
                                            .isLessThanOrEqualTo(PAGE));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_001, SEGMENTS * PER_SEGMENT - PAGE})
    void aPageReadsFewRowsOnH2(long offset) throws SQLException {
        TestDatabase database = TestDatabase.h2(LogPageCostTest.class);
        database.reset();
        try (Backend backend = database.open(clock);
                Connection connection = database.dataSource().getConnection()) {
            Run run = logged(backend);
            assertThat(page(backend, run, offset)).hasSize(PAGE);

            // H2 counts one row more, at which the scan ends.
            assertThat(scanned(connection, JdbcRunLog.H2_READ, run, offset))
                    .isLessThanOrEqualTo(PAGE + 1);
        }
    }

    /** A filtered page counts all entries, but reads the log once and in order. */
    @Test
    void countingReadsEachSegmentOnceOnH2() throws SQLException {
        TestDatabase database = TestDatabase.h2(LogPageCostTest.class);
        database.reset();
        try (Backend backend = database.open(clock);
                Connection connection = database.dataSource().getConnection()) {
            Run run = logged(backend);

            assertThat(scanned(connection, JdbcRunLog.H2_COUNT, run, 0))
                    .isLessThanOrEqualTo(PAGE + 1);
        }
    }

    private static long scanned(Connection connection, String sql, Run run, long after)
            throws SQLException {
        String plan =
                new SqlStatement(connection, "explain analyze " + sql, 0)
                        .project(PROJECT)
                        .id(run.id().value())
                        .number(after)
                        .number(PAGE)
                        .list(row -> row.text("PLAN"))
                        .get(0);
        Matcher scanned = SCANNED.matcher(plan);
        assertThat(scanned.find()).as(plan).isTrue();
        return Long.parseLong(scanned.group(1));
    }

    private static List<StoredLogEntry> page(Backend backend, Run run, long offset) {
        LogPage found = backend.log().findPage(PROJECT, run.id(), LogFilter.ALL, offset);
        assertThat(found.total()).isEqualTo(SEGMENTS * PER_SEGMENT);
        return backend.log().read(PROJECT, run.id(), LogFilter.ALL, found.after(), PAGE);
    }

    /** Inserts a run with a log of many segments. */
    private Run logged(Backend backend) {
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
        List<LogEntry> entries =
                IntStream.range(0, PER_SEGMENT)
                        .mapToObj(n -> new LogEntry(JsonText.EMPTY_OBJECT, Optional.empty()))
                        .toList();
        for (int i = 0; i < SEGMENTS; i++) {
            backend.log()
                    .append(
                            PROJECT,
                            run.stored().run().id(),
                            Optional.empty(),
                            entries,
                            Optional.empty());
        }
        return run.stored().run();
    }
}
