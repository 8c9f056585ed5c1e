package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.ConcurrencyLimits;
import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.dispatch.QueueDepth;
import dev.errand.spi.dispatch.SettleAndClaimResult;
import dev.errand.spi.dispatch.Settlement;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunUpdateResult;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Claims of H2, which is embedded, so that a round trip costs nothing: the due runs are ranked, and
 * taken one by one as far as nobody else holds them. The cost grows with the number of due runs.
 */
final class H2Claims implements RunClaims {

    /** How many more runs are looked at than are wanted, for others may be at them. */
    private static final int SOME_MORE = 256;

    /** Of a project's runs first those that need no place, then by priority. */
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

    /** Claims within limits follow one another, also those of another backend. */
    private static final String TAKE_TURN =
            "select version from errand_schema_version where version = 1 for update";

    private static final String PLACES =
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

    /** A run that seemed claimable. */
    private record Candidate(ProjectId project, UUID run, boolean toBegin) {}

    private final Database database;
    private final RunChanges changes;
    private final String lock;
    private final String take;

    H2Claims(Database database, RunChanges changes) {
        this.database = database;
        this.changes = changes;
        lock =
                database.sql(
                        """
                        select lease_token, %s from errand_run
                        where project_id = ? and id = ?
                            and due_at <= ? and (lease_until is null or lease_until <= ?)
                        for update skip locked"""
                                .formatted(RunColumns.READ));
        take =
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
            Session session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        ConcurrencyLimits limits = request.limits();
        if (!limits.areNone()) {
            session.call(database.sql(TAKE_TURN)).list(Row::number);
        }
        Call rank =
                session.call(database.sql(RANK.formatted(RunClaims.within(scope))))
                        .time(now)
                        .time(now);
        List<Candidate> candidates =
                RunClaims.bind(rank, scope)
                        // What is over a limit may hide what is not.
                        .number(
                                limits.areNone()
                                        ? (long) request.max() + SOME_MORE
                                        : Integer.MAX_VALUE)
                        .list(
                                row ->
                                        new Candidate(
                                                ProjectId.of(row.number()), row.id(), row.flag()));
        Map<ProjectId, Long> places = limits.areNone() ? Map.of() : places(session);
        List<ClaimedRun> claimed = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (claimed.size() == request.max()) {
                break;
            }
            if (candidate.toBegin() && !isRoom(limits, places, candidate.project())) {
                continue;
            }
            Optional<ClaimedRun> won = claim(session, candidate, request, now);
            won.ifPresent(claimed::add);
            if (won.isPresent() && candidate.toBegin() && !limits.areNone()) {
                places.merge(candidate.project(), 1L, Long::sum);
            }
        }
        return List.copyOf(claimed);
    }

    private Map<ProjectId, Long> places(Session session) throws SQLException {
        Map<ProjectId, Long> places = new HashMap<>();
        session.call(database.sql(PLACES))
                .list(row -> places.put(ProjectId.of(row.number()), row.number()));
        return places;
    }

    private static boolean isRoom(
            ConcurrencyLimits limits, Map<ProjectId, Long> places, ProjectId project) {
        long inAll = places.values().stream().mapToLong(Long::longValue).sum();
        return inAll < limits.total().orElse(Integer.MAX_VALUE)
                && places.getOrDefault(project, 0L) < limits.of(project);
    }

    @Override
    public List<RunUpdateResult> settle(Session session, List<Settlement> settlements)
            throws SQLException {
        List<RunUpdateResult> answers = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            RunChange change = settlement.change();
            answers.add(changes.attempt(session, change.before().project(), change));
        }
        return answers;
    }

    @Override
    public SettleAndClaimResult settleAndClaim(
            Session session,
            List<Settlement> settlements,
            ProjectScope scope,
            ClaimRequest request,
            Instant now)
            throws SQLException {
        List<RunUpdateResult> settled = settle(session, settlements);
        return new SettleAndClaimResult(settled, claim(session, scope, request, now));
    }

    private Optional<ClaimedRun> claim(
            Session session, Candidate candidate, ClaimRequest request, Instant now)
            throws SQLException {
        Instant until = Timestamps.truncate(now.plus(request.leaseFor()));
        Optional<ClaimedRun> claimed =
                session.call(lock)
                        .project(candidate.project())
                        .id(candidate.run())
                        .time(now)
                        .time(now)
                        .one(row -> claimed(candidate, request, row, until));
        if (claimed.isPresent()) {
            session.call(take)
                    .text(request.owner())
                    .number(claimed.get().lease().token())
                    .time(until)
                    .project(candidate.project())
                    .id(candidate.run())
                    .execute();
        }
        return claimed;
    }

    private static ClaimedRun claimed(
            Candidate candidate, ClaimRequest request, Row row, Instant until) throws SQLException {
        long token = row.number() + 1;
        Run run = RunColumns.read(candidate.project(), row);
        return new ClaimedRun(
                run, new Lease(candidate.project(), run.id(), request.owner(), token, until));
    }

    @Override
    public Optional<Instant> nextDue(Session session, ProjectScope scope, Instant now)
            throws SQLException {
        Call call = session.call(database.sql(NEXT_DUE.formatted(RunClaims.within(scope))));
        return RunClaims.bind(call.time(now), scope).one(Row::timeOrNothing).orElseThrow();
    }

    @Override
    public QueueDepth depth(Session session, ProjectScope scope, Instant now) throws SQLException {
        Call call = session.call(database.sql(DEPTH.formatted(RunClaims.within(scope))));
        return RunClaims.bind(call.time(now).time(now), scope).one(RunClaims::depth).orElseThrow();
    }
}
