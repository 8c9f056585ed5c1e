package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.NewTaskWithFirstRun;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/invariants.md#i13: the rows that a claim reads do not depend on the number of runs. */
final class ClaimPlanTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int RUNS = 3_000;

    /** The number of time parameters of a claim in all projects. */
    private static final int TIMES = 7;

    /** The number of time parameters of the queue depth. */
    private static final int DEPTH_TIMES = 4;

    private final TestClock clock = TestClock.at(aTask().build().createdAt());

    /**
     * Regression test: a claim read the whole table, because the planner expected hundreds of
     * candidates instead of ten.
     */
    @Test
    void aClaimInAllProjectsUsesIndexesOnly() throws SQLException {
        TestDatabase database = TestDatabase.postgresql(ClaimPlanTest.class);
        database.reset();
        try (Backend backend = database.open(clock);
                Connection connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            TestTasks.insertTasks(
                    backend.tasks(), PROJECT, Stream.generate(this::work).limit(RUNS).toList());
            statement.execute("analyze errand_run");

            for (int wanted : new int[] {2, 5}) {
                assertThat(plan(connection, wanted))
                        .contains("errand_run_waiting", "errand_run_pkey")
                        .doesNotContain("Seq Scan on errand_run");
            }
        }
    }

    /** Only waiting runs are counted, not those that have ended. */
    @Test
    void theQueueDepthIsCountedInIndexesOfWaitingRuns() throws SQLException {
        TestDatabase database = TestDatabase.postgresql(ClaimPlanTest.class);
        database.reset();
        try (Backend backend = database.open(clock);
                Connection connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            TestTasks.insertTasks(
                    backend.tasks(), PROJECT, Stream.generate(this::work).limit(RUNS).toList());
            // Nearly all runs have ended, as in a table that has been used for a while.
            statement.execute(
                    """
                    update errand_run set status = 'completed', completed_at = updated_at,
                        phase = 'done', due_at = null
                    where id not in (select id from errand_run limit 20)""");
            statement.execute("analyze errand_run");
            OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
            String depth = PostgresClaimSql.depth(ProjectScope.everyProject());
            try (PreparedStatement explained = connection.prepareStatement("explain " + depth)) {
                for (int at = 1; at <= DEPTH_TIMES; at++) {
                    explained.setObject(at, now);
                }
                assertThat(lines(explained))
                        .contains(
                                "errand_run_waiting", "errand_run_unattended", "errand_run_leased")
                        .doesNotContain("Seq Scan");
            }
        }
    }

    /** Renewing leases finds each run by its key. */
    @Test
    void leasesAreRenewedByThePrimaryKeysOfTheirRuns() throws SQLException {
        TestDatabase database = TestDatabase.postgresql(ClaimPlanTest.class);
        database.reset();
        try (Backend backend = database.open(clock);
                Connection connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            TestTasks.insertTasks(
                    backend.tasks(), PROJECT, Stream.generate(this::work).limit(RUNS).toList());
            statement.execute("analyze errand_run");
            try (PreparedStatement explained =
                    connection.prepareStatement("explain " + PostgresLeaseRenewer.RENEW)) {
                Long[] numbers = Stream.generate(PROJECT::value).limit(5).toArray(Long[]::new);
                UUID[] ids = Stream.generate(UUID::randomUUID).limit(5).toArray(UUID[]::new);
                explained.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                explained.setArray(2, connection.createArrayOf("bigint", numbers));
                explained.setArray(3, connection.createArrayOf("uuid", ids));
                explained.setArray(4, connection.createArrayOf("bigint", numbers));
                assertThat(lines(explained))
                        .contains("errand_run_pkey")
                        .doesNotContain("Seq Scan on errand_run");
            }
        }
    }

    private NewTaskWithFirstRun work() {
        NewTask task = aTask().build();
        NewRun run = aRun(task.numbered(PROJECT, 0)).queuedAt(clock.instant()).build();
        return new NewTaskWithFirstRun(task, Optional.of(run.stored()));
    }

    private String plan(Connection connection, int wanted) throws SQLException {
        PostgresClaimSql.Limit size = PostgresClaimSql.Limit.of(wanted);
        String claim = PostgresClaimSql.claim("", ProjectScope.everyProject(), size, 3 * wanted);
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        try (PreparedStatement explained = connection.prepareStatement("explain " + claim)) {
            for (int at = 1; at <= TIMES; at++) {
                explained.setObject(at, now);
            }
            int next = TIMES + 1;
            if (!size.isExact()) {
                explained.setInt(next++, wanted);
            }
            explained.setString(next++, "node-1");
            explained.setObject(next, now.plusSeconds(30));
            return lines(explained);
        }
    }

    private static String lines(PreparedStatement explained) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (ResultSet lines = explained.executeQuery()) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }
}
