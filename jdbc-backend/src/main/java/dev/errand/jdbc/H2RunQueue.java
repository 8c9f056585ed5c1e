package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The run queue on H2, which is embedded, so that round trips are free: ranks the due runs and
 * claims them one by one unless they are locked. The cost of a claim grows with the number of due
 * runs.
 */
final class H2RunQueue extends JdbcRunQueue {

    /** The number of additional candidates, because others may have locked some. */
    private static final int EXTRA_CANDIDATES = 256;

    /** Ranks the runs of a project: those that already occupy a slot first, then by priority. */
    private static final String RANK =
            """
            select project_id, run_id, waits
            from (
                select project_id, run_id, due_at, waits, row_number() over (
                    partition by project_id
                    order by waits, case when waits then -priority else 0 end, due_at, run_id)
                    as turn
                from (
                    select project_id, run_id, due_at, priority,
                        phase = 'waiting' and stop_reason is null and lease_until is null as waits
                    from errand_queue
                    where due_at <= ? and (lease_until is null or lease_until <= ?)) due
                ) ranked
            order by turn, due_at, run_id
            limit ?""";

    private static final String RANK_IN_PROJECTS =
            """
            select project_id, run_id, waits
            from (
                select project_id, run_id, due_at, waits, row_number() over (
                    partition by project_id
                    order by waits, case when waits then -priority else 0 end, due_at, run_id)
                    as turn
                from (
                    select project_id, run_id, due_at, priority,
                        phase = 'waiting' and stop_reason is null and lease_until is null as waits
                    from errand_queue
                    where project_id = any(?)
                        and due_at <= ? and (lease_until is null or lease_until <= ?)) due
                ) ranked
            order by turn, due_at, run_id
            limit ?""";

    /** Serializes claims with limits, including those of other backends. */
    private static final String LOCK_CLAIMS =
            """
            select version from errand_schema_version where version = 1 for update""";

    private static final String COUNT_AGAINST_LIMITS =
            """
            select project_id, count(*) as counted from errand_queue
            where phase = 'launched' or lease_owner is not null
            group by project_id""";

    private static final String LOCK =
            """
            select run_id from errand_queue
            where project_id = ? and run_id = ?
                and due_at <= ? and (lease_until is null or lease_until <= ?)
            for update skip locked""";

    private static final String CLAIM =
            """
            update errand_queue
            set lease_owner = ?, lease_token = lease_token + 1, lease_until = ?
            where project_id = ? and run_id = ?""";

    private static final String FIND =
            """
            select q.project_id, q.phase, q.failures, q.queued_at, q.due_at, q.handle,
                q.last_failure, q.stop_reason, q.priority, q.queued_limit, q.launch_limit,
                q.inactivity_limit, q.total_limit, q.lease_owner, q.lease_token,
                q.lease_until,
                r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at
            from errand_queue q
            join errand_run r on r.project_id = q.project_id and r.id = q.run_id
            where q.project_id = ? and q.run_id = ?""";

    private static final String RENEW =
            """
            update errand_queue set lease_until = ?
            where project_id = ? and run_id = ?
                and lease_owner is not null and lease_token = ?""";

    private static final String RELEASE =
            """
            update errand_queue set lease_owner = null, lease_until = null
            where project_id = ? and run_id = ?
                and lease_owner is not null and lease_token = ?""";

    /** A run that may be claimable. */
    private record Candidate(ProjectId project, UUID run, boolean waits) {}

    private final RunUpdater updater;

    H2RunQueue(Database database, RunUpdater updater, Clock clock) {
        super(database, clock);
        this.updater = updater;
    }

    @Override
    public List<ClaimedRun> claim(ProjectScope scope, ClaimRequest request) {
        return settleAndClaim(List.of(), scope, request).claimed();
    }

    @Override
    public SettleAndClaimResult settleAndClaim(
            List<Settlement> settlements, ProjectScope scope, ClaimRequest request) {
        if (settlements.isEmpty() && request.max() == 0) {
            return new SettleAndClaimResult(List.of(), List.of());
        }
        Instant now = now();
        return database.inTransaction(
                PORT,
                session -> {
                    List<RunUpdateResult> settled = new ArrayList<>();
                    for (Settlement settlement : settlements) {
                        RunChange change = settlement.change();
                        ProjectId project = change.before().run().project();
                        settled.add(updater.update(session, project, change));
                    }
                    return new SettleAndClaimResult(
                            settled,
                            request.max() == 0 ? List.of() : claim(session, scope, request, now));
                });
    }

    private static List<ClaimedRun> claim(
            SqlSession session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        ConcurrencyLimits limits = request.limits();
        Map<ProjectId, Long> counted = new HashMap<>();
        if (!limits.isUnlimited()) {
            session.statement(LOCK_CLAIMS).list(row -> row);
            session.statement(COUNT_AGAINST_LIMITS)
                    .list(
                            row ->
                                    counted.put(
                                            ProjectId.of(row.number("project_id")),
                                            row.number("counted")));
        }
        List<ClaimedRun> claimed = new ArrayList<>();
        for (Candidate candidate : candidates(session, scope, request, now)) {
            if (claimed.size() == request.max()) {
                break;
            }
            if (candidate.waits() && !hasFreeSlot(limits, counted, candidate.project())) {
                continue;
            }
            Optional<ClaimedRun> one = claim(session, candidate, request, now);
            if (one.isPresent()) {
                claimed.add(one.get());
                if (candidate.waits()) {
                    counted.merge(candidate.project(), 1L, Long::sum);
                }
            }
        }
        return claimed;
    }

    private static List<Candidate> candidates(
            SqlSession session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        SqlStatement rank =
                scope instanceof ProjectScope.OnlyProjects only
                        ? session.statement(RANK_IN_PROJECTS).numbers(numbers(only))
                        : session.statement(RANK);
        // Runs over a limit may precede others that are not.
        long most =
                request.limits().isUnlimited()
                        ? (long) request.max() + EXTRA_CANDIDATES
                        : Integer.MAX_VALUE;
        return rank.time(now)
                .time(now)
                .number(most)
                .list(
                        row ->
                                new Candidate(
                                        ProjectId.of(row.number("project_id")),
                                        row.id("run_id"),
                                        row.flag("waits")));
    }

    private static boolean hasFreeSlot(
            ConcurrencyLimits limits, Map<ProjectId, Long> counted, ProjectId project) {
        long inAll = counted.values().stream().mapToLong(Long::longValue).sum();
        return inAll < limits.total().orElse(Integer.MAX_VALUE)
                && counted.getOrDefault(project, 0L) < limits.forProject(project);
    }

    private static Optional<ClaimedRun> claim(
            SqlSession session, Candidate candidate, ClaimRequest request, Instant now)
            throws SQLException {
        boolean locked =
                session.statement(LOCK)
                        .project(candidate.project())
                        .id(candidate.run())
                        .time(now)
                        .time(now)
                        .findOne(row -> row.id("run_id"))
                        .isPresent();
        if (!locked) {
            return Optional.empty();
        }
        session.statement(CLAIM)
                .text(request.owner())
                .time(leaseEnd(now, request.leaseFor()))
                .project(candidate.project())
                .id(candidate.run())
                .updateOne();
        return find(session, candidate.project(), candidate.run(), !candidate.waits());
    }

    private static Optional<ClaimedRun> find(
            SqlSession session, ProjectId project, UUID run, boolean hadLease) throws SQLException {
        return session.statement(FIND)
                .project(project)
                .id(run)
                .findOne(row -> readClaimed(row, hadLease));
    }

    @Override
    public List<Optional<ClaimedRun>> renew(List<Lease> leases, Duration leaseFor) {
        Instant until = leaseEnd(now(), leaseFor);
        return leases.stream()
                .map(lease -> database.inTransaction(PORT, session -> renew(session, lease, until)))
                .toList();
    }

    private static Optional<ClaimedRun> renew(SqlSession session, Lease lease, Instant until)
            throws SQLException {
        boolean renewed =
                session.statement(RENEW)
                        .time(until)
                        .project(lease.project())
                        .id(lease.run().value())
                        .number(lease.token())
                        .updateOne();
        return renewed
                ? find(session, lease.project(), lease.run().value(), false)
                : Optional.empty();
    }

    @Override
    public boolean release(Lease lease) {
        return database.execute(
                PORT,
                session ->
                        session.statement(RELEASE)
                                .project(lease.project())
                                .id(lease.run().value())
                                .number(lease.token())
                                .updateOne());
    }
}
