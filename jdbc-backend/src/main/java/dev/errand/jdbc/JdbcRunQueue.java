package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.store.RunQueue;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The run queue; what is common to both databases. */
abstract class JdbcRunQueue implements RunQueue {

    static final String PORT = "RunQueue";

    private static final String FIND_LEASE =
            """
            select lease_owner, lease_token, lease_until from errand_queue
            where project_id = ? and run_id = ? and lease_until > ?""";

    private static final String NEXT_DUE =
            """
            select min(case when lease_until > ? then lease_until else due_at end) as next_due
            from errand_queue""";

    private static final String NEXT_DUE_OF_PROJECTS =
            """
            select min(case when lease_until > ? then lease_until else due_at end) as next_due
            from errand_queue
            where project_id = any(?)""";

    private static final String DEPTH =
            """
            select count(*) filter (where waits) as waiting,
                min(due_at) filter (where waits) as waiting_since,
                count(*) filter (where not waits) as unattended
            from (
                select due_at,
                    phase = 'waiting' and stop_reason is null and lease_until is null as waits
                from errand_queue
                where due_at <= ? and (lease_until is null or lease_until <= ?)) due""";

    private static final String DEPTH_OF_PROJECTS =
            """
            select count(*) filter (where waits) as waiting,
                min(due_at) filter (where waits) as waiting_since,
                count(*) filter (where not waits) as unattended
            from (
                select due_at,
                    phase = 'waiting' and stop_reason is null and lease_until is null as waits
                from errand_queue
                where project_id = any(?)
                    and due_at <= ? and (lease_until is null or lease_until <= ?)) due""";

    final Database database;
    private final Clock clock;

    JdbcRunQueue(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public final Optional<Lease> findLease(ProjectId project, RunId run) {
        Instant now = now();
        return database.read(
                PORT,
                session ->
                        session.statement(FIND_LEASE)
                                .project(project)
                                .id(run.value())
                                .time(now)
                                .findOne(
                                        row ->
                                                new Lease(
                                                        project,
                                                        run,
                                                        row.text("lease_owner"),
                                                        row.number("lease_token"),
                                                        row.time("lease_until"))));
    }

    @Override
    public final Optional<Instant> nextDue(ProjectScope scope) {
        Instant now = now();
        return database.read(
                PORT,
                session -> {
                    SqlStatement statement =
                            scope instanceof ProjectScope.OnlyProjects only
                                    ? session.statement(NEXT_DUE_OF_PROJECTS)
                                            .time(now)
                                            .numbers(numbers(only))
                                    : session.statement(NEXT_DUE).time(now);
                    return statement.findOne(row -> row.optionalTime("next_due")).orElseThrow();
                });
    }

    @Override
    public final QueueDepth depth(ProjectScope scope) {
        Instant now = now();
        return database.read(
                PORT,
                session -> {
                    SqlStatement statement =
                            scope instanceof ProjectScope.OnlyProjects only
                                    ? session.statement(DEPTH_OF_PROJECTS).numbers(numbers(only))
                                    : session.statement(DEPTH);
                    return statement
                            .time(now)
                            .time(now)
                            .findOne(JdbcRunQueue::readDepth)
                            .orElseThrow();
                });
    }

    private static QueueDepth readDepth(Row row) throws SQLException {
        return new QueueDepth(
                row.number("waiting"), row.optionalTime("waiting_since"), row.number("unattended"));
    }

    /**
     * Reads a claimed run: the columns of run, entry and lease, and the project.
     *
     * @param hadLease whether an earlier lease had not been released
     */
    static ClaimedRun readClaimed(Row row, boolean hadLease) throws SQLException {
        ProjectId project = ProjectId.of(row.number("project_id"));
        Run run = RunColumns.read(project, row);
        Lease lease =
                new Lease(
                        project,
                        run.id(),
                        row.text("lease_owner"),
                        row.number("lease_token"),
                        row.time("lease_until"));
        return ClaimedRun.of(run, QueueColumns.read(row), lease, hadLease);
    }

    static List<Long> numbers(ProjectScope.OnlyProjects scope) {
        return scope.projects().stream().map(ProjectId::value).toList();
    }

    /** Returns the current time in the stored precision. */
    final Instant now() {
        return Timestamps.truncate(clock.instant());
    }

    /** Returns when a lease ends that begins at the given time. */
    static Instant leaseEnd(Instant now, Duration leaseFor) {
        return Timestamps.truncate(now.plus(leaseFor));
    }
}
