package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The run queue on PostgreSQL: what a node finds that lies below its marks, and the cost of its
 * updates. The contracts test everything else.
 */
final class PostgresRunQueueTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.postgresql(PostgresRunQueueTest.class);
    private final TestClock clock = TestClock.at(Instant.parse("2026-05-06T09:00:00Z"));
    private Backend node;
    private Backend otherNode;

    @BeforeEach
    void open() {
        database.reset();
        node = database.open(clock);
        otherNode = database.open(clock);
    }

    @AfterEach
    void close() {
        node.close();
        otherNode.close();
        database.reset();
    }

    static List<ProjectScope> scopes() {
        return List.of(ProjectScope.everyProject(), ProjectScope.only(Set.of(PROJECT)));
    }

    /**
     * A transaction of the host commits three seconds after the due time that it wrote. Meanwhile
     * the mark of the other node has passed that time.
     */
    @ParameterizedTest
    @MethodSource("scopes")
    void aRunThatIsCommittedLateIsClaimedWithinASecond(ProjectScope scope) throws SQLException {
        NewRun late = aRun(insertTask()).queuedAt(clock.tick()).build();
        try (SlowTransaction transaction = new SlowTransaction(late)) {
            clock.advance(Duration.ofSeconds(3));
            queue(node, 4);
            assertThat(claim(node, scope, 1)).hasSize(1);
            transaction.commit();
        }
        assertThat(claim(node, scope, 1)).doesNotContain(late.run().id());

        clock.advance(Duration.ofSeconds(1));
        assertThat(claim(node, scope, 1)).containsExactly(late.run().id());
    }

    /** A claim that finds too little does not wait for the next scan. */
    @ParameterizedTest
    @MethodSource("scopes")
    void aNodeWithFreeCapacityClaimsALateRunAtOnce(ProjectScope scope) throws SQLException {
        NewRun late = aRun(insertTask()).queuedAt(clock.tick()).build();
        try (SlowTransaction transaction = new SlowTransaction(late)) {
            clock.advance(Duration.ofSeconds(3));
            queue(node, 1);
            assertThat(claim(node, scope, 2)).hasSize(1).doesNotContain(late.run().id());
            transaction.commit();
        }

        assertThat(claim(node, scope, 2)).containsExactly(late.run().id());
    }

    /** The node that wrote a run knows that it lies below its mark. */
    @ParameterizedTest
    @MethodSource("scopes")
    void theNodeOfAHostTransactionClaimsItsRunInOrder(ProjectScope scope) throws SQLException {
        queue(otherNode, 4);
        assertThat(claim(otherNode, scope, 1)).hasSize(1);
        Instant due = clock.instant().minusSeconds(60);
        NewRun late = aRun(insertTask()).queuedAt(due).build();
        try (SlowTransaction transaction = new SlowTransaction(late)) {
            transaction.commit();
        }

        assertThat(claim(otherNode, scope, 1)).containsExactly(late.run().id());
    }

    /** A transaction of the host in which the other node inserts a run. */
    private final class SlowTransaction implements AutoCloseable {
        private final Connection connection;
        private final JoinedTransaction joined;

        SlowTransaction(NewRun run) throws SQLException {
            connection = database.dataSource().getConnection();
            connection.setAutoCommit(false);
            joined = ((JdbcBackend) otherNode).join(connection);
            otherNode.runs().insert(PROJECT, run, Optional.empty());
        }

        void commit() throws SQLException {
            connection.commit();
            joined.committed();
        }

        @Override
        public void close() throws SQLException {
            joined.close();
            connection.setAutoCommit(true);
            connection.close();
        }
    }

    @ParameterizedTest
    @MethodSource("scopes")
    void anExpiredLeaseOfAnotherNodeIsClaimedFirstWithinASecond(ProjectScope scope) {
        queue(node, 9);
        List<RunId> abandoned = claim(otherNode, scope, 1);
        claim(node, scope, 1);
        clock.advance(LEASE.minusMillis(500));
        claim(node, scope, 1); // Scans.
        clock.advance(Duration.ofMillis(500));
        assertThat(claim(node, scope, 1)).doesNotContainAnyElementsOf(abandoned);

        clock.advance(Duration.ofMillis(500));
        assertThat(claim(node, scope, 2)).containsAll(abandoned);
    }

    @ParameterizedTest
    @MethodSource("scopes")
    void aStopRequestOfAnotherNodeIsClaimedFirstWithinASecond(ProjectScope scope) {
        List<StoredRun> queued = insert(node, 9);
        claim(node, scope, 1);
        StoredRun last = queued.get(8);
        QueueEntry stop =
                last.entry().orElseThrow().stopping(StopReason.CANCELLED, clock.instant());
        otherNode
                .runs()
                .update(
                        PROJECT,
                        RunChange.of(
                                last,
                                new StoredRun(
                                        last.run().change(clock.tick()).build(),
                                        Optional.of(stop))));
        assertThat(claim(node, scope, 1)).doesNotContain(last.run().id());

        clock.advance(Duration.ofSeconds(1));
        assertThat(claim(node, scope, 1)).containsExactly(last.run().id());
    }

    /**
     * Claims, renewals and releases write no index entries. PostgreSQL counts such updates as HOT.
     */
    @Test
    void claimsAndRenewalsAreHotUpdates() throws SQLException {
        try (Connection connection = database.unpooled().getConnection();
                Statement statement = connection.createStatement();
                Backend backend =
                        JdbcBackend.builder(new SingleConnectionDataSource(connection, true))
                                .clock(Clock.systemUTC())
                                .open()) {
            ProjectScope scope = ProjectScope.only(Set.of(PROJECT));
            QueueUpdates before = QueueUpdates.read(statement);
            int updates = 0;
            for (int round = 0; round < 20; round++) {
                queue(backend, 25);
                List<ClaimedRun> claimed =
                        backend.queue().claim(scope, new ClaimRequest("node-1", 25, LEASE));
                List<Lease> leases = claimed.stream().map(ClaimedRun::lease).toList();
                backend.queue().renew(leases, LEASE);
                backend.queue().release(leases.get(0));
                claimed = claimed.subList(1, claimed.size());
                updates += 2 * leases.size() + 1;
                List<Settlement> ends = claimed.stream().map(this::completion).toList();
                List<ClaimedRun> next =
                        backend.queue()
                                .settleAndClaim(ends, scope, new ClaimRequest("node-1", 9, LEASE))
                                .claimed();
                updates += next.size();
                backend.queue()
                        .settleAndClaim(
                                next.stream().map(this::completion).toList(),
                                scope,
                                new ClaimRequest("node-1", 0, LEASE));
            }
            QueueUpdates after = QueueUpdates.read(statement);

            assertThat(after.all() - before.all()).isEqualTo(updates).isGreaterThan(1_000);
            assertThat(after.hot() - before.hot()).isGreaterThanOrEqualTo(updates * 95L / 100);
        }
    }

    /** The updates of the queue that PostgreSQL has counted. */
    private record QueueUpdates(long all, long hot) {
        static QueueUpdates read(Statement statement) throws SQLException {
            statement.execute("select pg_stat_force_next_flush()");
            try (ResultSet row =
                    statement.executeQuery(
                            """
                            select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables
                            where relname = 'errand_queue'""")) {
                row.next();
                return new QueueUpdates(row.getLong("n_tup_upd"), row.getLong("n_tup_hot_upd"));
            }
        }
    }

    private Settlement completion(ClaimedRun claimed) {
        StoredRun after =
                StoredRun.withoutEntry(
                        claimed.run()
                                .change(clock.tick())
                                .endedWith(RunStatus.COMPLETED, EndReason.REPORTED)
                                .build());
        return new Settlement(RunChange.of(claimed.stored(), after).withLease(claimed.lease()));
    }

    private Task insertTask() {
        TaskInsertion task = new TaskInsertion(aTask().build(), Optional.empty());
        return TestTasks.insertTasks(node.tasks(), PROJECT, List.of(task)).get(0).task();
    }

    private static List<RunId> claim(Backend by, ProjectScope scope, int max) {
        return by.queue().claim(scope, new ClaimRequest("node", max, LEASE)).stream()
                .map(each -> each.run().id())
                .toList();
    }

    private List<RunId> queue(Backend by, int count) {
        return insert(by, count).stream().map(stored -> stored.run().id()).toList();
    }

    /** Inserts runs that are due in this order from now on. */
    private List<StoredRun> insert(Backend by, int count) {
        List<StoredRun> runs = new ArrayList<>();
        List<TaskInsertion> tasks = Stream.generate(() -> withRun(runs)).limit(count).toList();
        TestTasks.insertTasks(by.tasks(), PROJECT, tasks);
        return runs;
    }

    private TaskInsertion withRun(List<StoredRun> runs) {
        NewTask task = aTask().build();
        NewRun run = aRun(task.numbered(PROJECT, 0)).queuedAt(clock.tick()).build();
        runs.add(run.stored());
        return new TaskInsertion(task, Optional.of(run.stored()));
    }
}
