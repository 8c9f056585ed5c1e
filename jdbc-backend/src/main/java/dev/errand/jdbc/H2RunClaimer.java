package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Claims runs on H2, which is embedded, so that round trips are free: ranks the due runs and claims
 * them one by one unless they are locked. The cost grows with the number of due runs.
 */
final class H2RunClaimer implements RunClaimer {

    /** The number of additional candidates, because others may have locked some. */
    private static final int EXTRA_CANDIDATES = 256;

    /** Ranks the runs of a project: those that already occupy a slot first, then by priority. */
    private static final String RANK =
            """
            select project_id, id, to_begin from (
                select project_id, id, due_at, to_begin, row_number() over (
                    partition by project_id
                    order by to_begin, case when to_begin then -priority else 0 end, due_at, id)
                    as turn
                from (
                    select project_id, id, due_at, priority,
                        phase = 'waiting' and stop_cause is null and lease_until is null
                            as to_begin
                    from errand_run
                    where due_at <= ? and (lease_until is null or lease_until <= ?)%s) due
                ) ranked
            order by turn, due_at, id limit ?""";

    /** Serializes claims with limits, including those of other backends. */
    private static final String LOCK_CLAIMS =
            "select version from errand_schema_version where version = 1 for update";

    private static final String COUNT_OCCUPIED_SLOTS =
            """
            select project_id, count(*) from errand_run
            where lease_until is not null or phase = 'launched'
            group by project_id""";

    private static final String NEXT_DUE =
            """
            select min(case when lease_until > ? then lease_until else due_at end)
            from errand_run where due_at is not null%s""";

    private static final String DEPTH =
            """
            select count(*) filter (where to_begin), min(due_at) filter (where to_begin),
                count(*) filter (where not to_begin)
            from (
                select due_at,
                    phase = 'waiting' and stop_cause is null and lease_until is null as to_begin
                from errand_run
                where due_at <= ? and (lease_until is null or lease_until <= ?)%s) due""";

    /** A run that may be claimable. */
    private record Candidate(ProjectId project, UUID run, boolean toBegin) {}

    private final Database database;
    private final RunUpdater updater;
    private final String lock;
    private final String claim;

    H2RunClaimer(Database database, RunUpdater updater) {
        this.database = database;
        this.updater = updater;
        lock =
                database.sql(
                        """
                        select lease_token, %s from errand_run
                        where project_id = ? and id = ?
                            and due_at <= ? and (lease_until is null or lease_until <= ?)
                        for update skip locked"""
                                .formatted(RunColumns.COLUMNS));
        claim =
                database.sql(
                        """
                        update errand_run
                        set lease_owner = ?, lease_token = ?, lease_until = ?
                        where project_id = ? and id = ?""");
    }

    @Override
    public boolean needsTransaction(ConcurrencyLimits limits) {
        return true;
    }

    @Override
    public boolean needsTransaction(ProjectScope scope, ConcurrencyLimits limits) {
        return true;
    }

    @Override
    public List<ClaimedRun> claim(
            SqlSession session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        ConcurrencyLimits limits = request.limits();
        if (!limits.isUnlimited()) {
            session.statement(database.sql(LOCK_CLAIMS)).list(ResultRow::number);
        }
        SqlStatement rank =
                session.statement(database.sql(RANK.formatted(RunClaimer.scopeCondition(scope))))
                        .time(now)
                        .time(now);
        List<Candidate> candidates =
                RunClaimer.bindScope(rank, scope)
                        // Runs over a limit may precede others that are not.
                        .number(
                                limits.isUnlimited()
                                        ? (long) request.max() + EXTRA_CANDIDATES
                                        : Integer.MAX_VALUE)
                        .list(
                                row ->
                                        new Candidate(
                                                ProjectId.of(row.number()), row.id(), row.flag()));
        Map<ProjectId, Long> occupied = limits.isUnlimited() ? Map.of() : occupied(session);
        List<ClaimedRun> claimed = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (claimed.size() == request.max()) {
                break;
            }
            if (candidate.toBegin() && !hasFreeSlot(limits, occupied, candidate.project())) {
                continue;
            }
            Optional<ClaimedRun> won = claim(session, candidate, request, now);
            won.ifPresent(claimed::add);
            if (won.isPresent() && candidate.toBegin() && !limits.isUnlimited()) {
                occupied.merge(candidate.project(), 1L, Long::sum);
            }
        }
        return List.copyOf(claimed);
    }

    private Map<ProjectId, Long> occupied(SqlSession session) throws SQLException {
        Map<ProjectId, Long> occupied = new HashMap<>();
        session.statement(database.sql(COUNT_OCCUPIED_SLOTS))
                .list(row -> occupied.put(ProjectId.of(row.number()), row.number()));
        return occupied;
    }

    private static boolean hasFreeSlot(
            ConcurrencyLimits limits, Map<ProjectId, Long> occupied, ProjectId project) {
        long inAll = occupied.values().stream().mapToLong(Long::longValue).sum();
        return inAll < limits.total().orElse(Integer.MAX_VALUE)
                && occupied.getOrDefault(project, 0L) < limits.forProject(project);
    }

    @Override
    public List<RunUpdateResult> settle(SqlSession session, List<Settlement> settlements)
            throws SQLException {
        List<RunUpdateResult> results = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            RunChange change = settlement.change();
            results.add(updater.update(session, change.before().project(), change));
        }
        return results;
    }

    @Override
    public SettleAndClaimResult settleAndClaim(
            SqlSession session,
            List<Settlement> settlements,
            ProjectScope scope,
            ClaimRequest request,
            Instant now)
            throws SQLException {
        List<RunUpdateResult> settled = settle(session, settlements);
        return new SettleAndClaimResult(settled, claim(session, scope, request, now));
    }

    private Optional<ClaimedRun> claim(
            SqlSession session, Candidate candidate, ClaimRequest request, Instant now)
            throws SQLException {
        Instant until = Timestamps.truncate(now.plus(request.leaseFor()));
        Optional<ClaimedRun> claimed =
                session.statement(lock)
                        .project(candidate.project())
                        .id(candidate.run())
                        .time(now)
                        .time(now)
                        .findOne(row -> claimed(candidate, request, row, until));
        if (claimed.isPresent()) {
            session.statement(claim)
                    .text(request.owner())
                    .number(claimed.get().lease().token())
                    .time(until)
                    .project(candidate.project())
                    .id(candidate.run())
                    .updateOne();
        }
        return claimed;
    }

    private static ClaimedRun claimed(
            Candidate candidate, ClaimRequest request, ResultRow row, Instant until)
            throws SQLException {
        long token = row.number() + 1;
        Run run = RunColumns.read(candidate.project(), row);
        return new ClaimedRun(
                run, new Lease(candidate.project(), run.id(), request.owner(), token, until));
    }

    @Override
    public Optional<Instant> nextDue(SqlSession session, ProjectScope scope, Instant now)
            throws SQLException {
        SqlStatement statement =
                session.statement(
                        database.sql(NEXT_DUE.formatted(RunClaimer.scopeCondition(scope))));
        return RunClaimer.bindScope(statement.time(now), scope)
                .findOne(ResultRow::optionalTime)
                .orElseThrow();
    }

    @Override
    public QueueDepth depth(SqlSession session, ProjectScope scope, Instant now)
            throws SQLException {
        SqlStatement statement =
                session.statement(database.sql(DEPTH.formatted(RunClaimer.scopeCondition(scope))));
        return RunClaimer.bindScope(statement.time(now).time(now), scope)
                .findOne(RunClaimer::readDepth)
                .orElseThrow();
    }
}
