package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The run queue on PostgreSQL.
 *
 * <p>A claim is one statement that reads each lane from its mark on ({@link QueueMarks}). The whole
 * queue is scanned when a claim found too little, and at intervals ({@link ScanSchedule}). Claims
 * and renewals change no indexed column, so that PostgreSQL adds no index entries (HOT updates).
 *
 * <p>All parameters of a statement are selected once and then read from there: PostgreSQL plans a
 * statement again for each execution if a plan for the actual values looks cheaper than a general
 * one, which takes longer than the statement. It cannot know these values.
 *
 * <p>Claims with limits are serialized by a lock until the end of their transaction. The statement
 * that counts begins when the previous claim has committed, so that it sees it under READ
 * COMMITTED.
 */
final class PostgresRunQueue extends JdbcRunQueue {

    /** The number of candidates of each lane beyond the wanted runs, since others may be locked. */
    private static final int EXTRA_CANDIDATES = 16;

    private static final int MAX_ATTEMPTS = 5;

    /** Claims in one project. Locks no run that it does not claim. */
    static final String CLAIM_IN_PROJECT =
            """
            with request as materialized (
                select cast(? as bigint) as project_id, cast(? as timestamptz) as now,
                    cast(? as integer) as max, cast(? as text) as owner,
                    cast(? as timestamptz) as lease_until, cast(? as uuid[]) as started,
                    cast(? as smallint[]) as priorities, cast(? as timestamptz[]) as due_from),
            started as (
                select locked.project_id, locked.run_id, true as started
                from (
                    select q.project_id, q.run_id
                    from request
                    cross join unnest(request.started) as candidate (run_id)
                    join errand_queue q on q.project_id = request.project_id
                        and q.run_id = candidate.run_id
                    order by q.due_at, q.run_id) candidate
                cross join request
                cross join lateral (
                    select q.project_id, q.run_id from errand_queue q
                    where q.project_id = candidate.project_id and q.run_id = candidate.run_id
                        and q.due_at <= request.now
                        and (q.lease_until <= request.now
                            or q.lease_until is null
                                and (q.phase = 'launched' or q.stop_reason is not null))
                    for update skip locked) locked),
            waiting as (
                select locked.project_id, locked.run_id, false as started
                from request
                cross join unnest(request.priorities, request.due_from)
                    as lane (priority, due_from)
                cross join lateral (
                    select q.project_id, q.run_id from errand_queue q
                    where q.project_id = request.project_id and q.priority = lane.priority
                        and q.due_at between lane.due_from and request.now
                        and q.phase = 'waiting' and q.stop_reason is null
                        and q.lease_until is null
                    order by q.due_at, q.run_id
                    limit (select max from request)
                    for update skip locked) locked),
            chosen as (
                select * from started
                union all
                select * from waiting
                limit (select max from request)),
            claimed as (
                update errand_queue q set
                    lease_owner = request.owner, lease_token = q.lease_token + 1,
                    lease_until = request.lease_until
                from chosen cross join request
                where q.project_id = chosen.project_id and q.run_id = chosen.run_id
                returning chosen.started, q.run_id, q.project_id, q.phase, q.failures, q.queued_at, q.due_at, q.handle,
                q.last_failure, q.stop_reason, q.priority, q.queued_limit, q.launch_limit,
                q.inactivity_limit, q.total_limit, q.lease_owner, q.lease_token,
                q.lease_until)
            select claimed.started, claimed.project_id, claimed.phase, claimed.failures, claimed.queued_at, claimed.due_at, claimed.handle,
                claimed.last_failure, claimed.stop_reason, claimed.priority, claimed.queued_limit, claimed.launch_limit,
                claimed.inactivity_limit, claimed.total_limit, claimed.lease_owner, claimed.lease_token,
                claimed.lease_until,
                r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at
            from claimed
            join errand_run r on r.project_id = claimed.project_id and r.id = claimed.run_id""";

    /** Settles runs and claims in one project. Each row has the ids of the settled runs. */
    static final String SETTLE_AND_CLAIM_IN_PROJECT =
            """
            with settlement as materialized (
                select * from unnest(
                    cast(? as bigint[]), cast(? as uuid[]), cast(? as uuid[]), cast(? as bigint[]),
                    cast(? as bigint[]), cast(? as bigint[]), cast(? as text[]), cast(? as text[]),
                    cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as text[]),
                    cast(? as text[]), cast(? as text[]), cast(? as integer[]), cast(? as text[]),
                    cast(? as timestamptz[]), cast(? as timestamptz[]))
                    as settlement (
                        project_id, task_id, run_id, version_before, token, version, status,
                        environment, stage, branch, error_message, output, state, artifacts,
                        attempt, end_reason, updated_at, completed_at)),
            held as (
                select q.project_id, q.run_id
                from settlement s
                join errand_queue q on q.project_id = s.project_id and q.run_id = s.run_id
                where q.lease_owner is not null and q.lease_token = s.token
                for update of q),
            settled as (
                update errand_run r set
                    version = s.version, status = s.status, environment = s.environment,
                    stage = s.stage, branch = s.branch, error_message = s.error_message,
                    output = s.output, state = s.state, artifacts = cast(s.artifacts as jsonb),
                    attempt = s.attempt, end_reason = s.end_reason, updated_at = s.updated_at,
                    completed_at = s.completed_at
                from held
                join settlement s on s.project_id = held.project_id and s.run_id = held.run_id
                where r.project_id = held.project_id and r.id = held.run_id
                    and r.task_id = s.task_id and r.version = s.version_before
                returning r.project_id, r.id),
            ended as (
                delete from errand_queue q using settled
                where q.project_id = settled.project_id and q.run_id = settled.id),
            request as materialized (
                select cast(? as bigint) as project_id, cast(? as timestamptz) as now,
                    cast(? as integer) as max, cast(? as text) as owner,
                    cast(? as timestamptz) as lease_until, cast(? as uuid[]) as started,
                    cast(? as smallint[]) as priorities, cast(? as timestamptz[]) as due_from),
            started as (
                select locked.project_id, locked.run_id, true as started
                from (
                    select q.project_id, q.run_id
                    from request
                    cross join unnest(request.started) as candidate (run_id)
                    join errand_queue q on q.project_id = request.project_id
                        and q.run_id = candidate.run_id
                    order by q.due_at, q.run_id) candidate
                cross join request
                cross join lateral (
                    select q.project_id, q.run_id from errand_queue q
                    where q.project_id = candidate.project_id and q.run_id = candidate.run_id
                        and q.due_at <= request.now
                        and (q.lease_until <= request.now
                            or q.lease_until is null
                                and (q.phase = 'launched' or q.stop_reason is not null))
                    for update skip locked) locked),
            waiting as (
                select locked.project_id, locked.run_id, false as started
                from request
                cross join unnest(request.priorities, request.due_from)
                    as lane (priority, due_from)
                cross join lateral (
                    select q.project_id, q.run_id from errand_queue q
                    where q.project_id = request.project_id and q.priority = lane.priority
                        and q.due_at between lane.due_from and request.now
                        and q.phase = 'waiting' and q.stop_reason is null
                        and q.lease_until is null
                    order by q.due_at, q.run_id
                    limit (select max from request)
                    for update skip locked) locked),
            chosen as (
                select * from started
                union all
                select * from waiting
                limit (select max from request)),
            claimed as (
                update errand_queue q set
                    lease_owner = request.owner, lease_token = q.lease_token + 1,
                    lease_until = request.lease_until
                from chosen cross join request
                where q.project_id = chosen.project_id and q.run_id = chosen.run_id
                returning chosen.started, q.run_id, q.project_id, q.phase, q.failures, q.queued_at, q.due_at, q.handle,
                q.last_failure, q.stop_reason, q.priority, q.queued_limit, q.launch_limit,
                q.inactivity_limit, q.total_limit, q.lease_owner, q.lease_token,
                q.lease_until)
            select done.settled, claimed.started, claimed.project_id, claimed.phase, claimed.failures, claimed.queued_at, claimed.due_at, claimed.handle,
                claimed.last_failure, claimed.stop_reason, claimed.priority, claimed.queued_limit, claimed.launch_limit,
                claimed.inactivity_limit, claimed.total_limit, claimed.lease_owner, claimed.lease_token,
                claimed.lease_until,
                r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at
            from (select array_agg(id) as settled from settled) done
            left join (
                claimed
                join errand_run r on r.project_id = claimed.project_id and r.id = claimed.run_id)
                on true""";

    /** Settles runs. The entry of a run is locked before the run, as in every update. */
    static final String SETTLE =
            """
            with settlement as materialized (
                select * from unnest(
                    cast(? as bigint[]), cast(? as uuid[]), cast(? as uuid[]), cast(? as bigint[]),
                    cast(? as bigint[]), cast(? as bigint[]), cast(? as text[]), cast(? as text[]),
                    cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as text[]),
                    cast(? as text[]), cast(? as text[]), cast(? as integer[]), cast(? as text[]),
                    cast(? as timestamptz[]), cast(? as timestamptz[]))
                    as settlement (
                        project_id, task_id, run_id, version_before, token, version, status,
                        environment, stage, branch, error_message, output, state, artifacts,
                        attempt, end_reason, updated_at, completed_at)),
            held as (
                select q.project_id, q.run_id
                from settlement s
                join errand_queue q on q.project_id = s.project_id and q.run_id = s.run_id
                where q.lease_owner is not null and q.lease_token = s.token
                for update of q),
            settled as (
                update errand_run r set
                    version = s.version, status = s.status, environment = s.environment,
                    stage = s.stage, branch = s.branch, error_message = s.error_message,
                    output = s.output, state = s.state, artifacts = cast(s.artifacts as jsonb),
                    attempt = s.attempt, end_reason = s.end_reason, updated_at = s.updated_at,
                    completed_at = s.completed_at
                from held
                join settlement s on s.project_id = held.project_id and s.run_id = held.run_id
                where r.project_id = held.project_id and r.id = held.run_id
                    and r.task_id = s.task_id and r.version = s.version_before
                returning r.project_id, r.id),
            ended as (
                delete from errand_queue q using settled
                where q.project_id = settled.project_id and q.run_id = settled.id)
            select id from settled""";

    /**
     * Claims in several projects, in turn: the first run of each project, then the second ones.
     * The candidates are read without locks, ranked, and locked one by one until there are enough.
     * Of the waiting runs of a project and of all, only as many are candidates as have free slots.
     * Each row has the number of candidates.
     */
    static final String CLAIM_IN_TURN =
            """
            with request as materialized (
                select cast(? as timestamptz) as now, cast(? as integer) as max,
                    cast(? as text) as owner, cast(? as timestamptz) as lease_until,
                    cast(? as integer) as max_of_lane, cast(? as bigint) as free_in_all,
                    cast(? as bigint[]) as started_projects, cast(? as uuid[]) as started,
                    cast(? as bigint[]) as projects, cast(? as smallint[]) as priorities,
                    cast(? as timestamptz[]) as due_from, cast(? as bigint[]) as free),
            considered as (
                select q.project_id, q.run_id, true as started, 0 as priority, q.due_at,
                    cast(null as bigint) as free
                from request
                cross join unnest(request.started_projects, request.started)
                    as candidate (project_id, run_id)
                join errand_queue q on q.project_id = candidate.project_id
                    and q.run_id = candidate.run_id
                where q.due_at <= request.now
                    and (q.lease_until <= request.now
                        or q.lease_until is null
                            and (q.phase = 'launched' or q.stop_reason is not null))
                union all
                select q.project_id, q.run_id, false, q.priority, q.due_at, lane.free
                from request
                cross join unnest(
                    request.projects, request.priorities, request.due_from, request.free)
                    as lane (project_id, priority, due_from, free)
                cross join lateral (
                    select q.project_id, q.run_id, q.priority, q.due_at from errand_queue q
                    where q.project_id = lane.project_id and q.priority = lane.priority
                        and q.due_at between lane.due_from and request.now
                        and q.phase = 'waiting' and q.stop_reason is null
                        and q.lease_until is null
                    order by q.due_at, q.run_id
                    limit (select max_of_lane from request)) q),
            ranked as (
                select considered.*,
                    row_number() over (
                        partition by project_id
                        order by started desc, priority desc, due_at, run_id) as turn,
                    row_number() over (
                        partition by project_id, started
                        order by priority desc, due_at, run_id) as place
                from considered),
            allowed as (
                select ranked.*,
                    row_number() over (
                        partition by started
                        order by turn, due_at, run_id) as place_in_all
                from ranked
                where started or place <= free),
            candidate as (
                select allowed.*
                from allowed cross join request
                where started or place_in_all <= request.free_in_all),
            chosen as (
                select locked.project_id, locked.run_id, candidate.started, candidate.turn
                from (select * from candidate order by turn, due_at, run_id) candidate
                cross join request
                cross join lateral (
                    select q.project_id, q.run_id from errand_queue q
                    where q.project_id = candidate.project_id and q.run_id = candidate.run_id
                        and q.due_at <= request.now
                        and (q.lease_until is null or q.lease_until <= request.now)
                    for update skip locked) locked
                limit (select max from request)),
            claimed as (
                update errand_queue q set
                    lease_owner = request.owner, lease_token = q.lease_token + 1,
                    lease_until = request.lease_until
                from chosen cross join request
                where q.project_id = chosen.project_id and q.run_id = chosen.run_id
                returning chosen.started, chosen.turn, q.run_id, q.project_id, q.phase, q.failures, q.queued_at, q.due_at, q.handle,
                q.last_failure, q.stop_reason, q.priority, q.queued_limit, q.launch_limit,
                q.inactivity_limit, q.total_limit, q.lease_owner, q.lease_token,
                q.lease_until)
            select counted.candidates, claimed.started, claimed.turn, claimed.project_id, claimed.phase, claimed.failures, claimed.queued_at, claimed.due_at, claimed.handle,
                claimed.last_failure, claimed.stop_reason, claimed.priority, claimed.queued_limit, claimed.launch_limit,
                claimed.inactivity_limit, claimed.total_limit, claimed.lease_owner, claimed.lease_token,
                claimed.lease_until,
                r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at
            from (select count(*) as candidates from candidate) counted
            left join (
                claimed
                join errand_run r on r.project_id = claimed.project_id and r.id = claimed.run_id)
                on true""";

    static final String RENEW =
            """
            with request as materialized (
                select cast(? as timestamptz) as lease_until, cast(? as bigint[]) as projects,
                    cast(? as uuid[]) as runs, cast(? as bigint[]) as tokens),
            renewed as (
                update errand_queue q set lease_until = request.lease_until
                from request
                cross join unnest(request.projects, request.runs, request.tokens)
                    as lease (project_id, run_id, token)
                where q.project_id = lease.project_id and q.run_id = lease.run_id
                    and q.lease_owner is not null and q.lease_token = lease.token
                returning q.run_id, q.project_id, q.phase, q.failures, q.queued_at, q.due_at, q.handle,
                q.last_failure, q.stop_reason, q.priority, q.queued_limit, q.launch_limit,
                q.inactivity_limit, q.total_limit, q.lease_owner, q.lease_token,
                q.lease_until)
            select renewed.project_id, renewed.phase, renewed.failures, renewed.queued_at, renewed.due_at, renewed.handle,
                renewed.last_failure, renewed.stop_reason, renewed.priority, renewed.queued_limit, renewed.launch_limit,
                renewed.inactivity_limit, renewed.total_limit, renewed.lease_owner, renewed.lease_token,
                renewed.lease_until,
                r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at
            from renewed
            join errand_run r on r.project_id = renewed.project_id and r.id = renewed.run_id""";

    private static final String RELEASE =
            """
            update errand_queue set lease_owner = null, lease_until = null
            where project_id = ? and run_id = ?
                and lease_owner is not null and lease_token = ?
            returning phase, failures, queued_at, due_at, handle, last_failure, stop_reason,
                priority, queued_limit, launch_limit, inactivity_limit, total_limit""";

    private static final String LOCK_CLAIMS =
            """
            select pg_advisory_xact_lock(hashtextextended('errand_run', 0))""";

    /** A fixed order, so that concurrent renewals rarely deadlock. */
    private static final Comparator<Lease> LOCK_ORDER =
            Comparator.<Lease>comparingLong(lease -> lease.project().value())
                    .thenComparing(Lease::run);

    /** The order of claims in one project. */
    private static final Comparator<RankedRun> PROJECT_ORDER =
            Comparator.comparing(RankedRun::started, Comparator.reverseOrder())
                    .thenComparingInt(run -> run.started() ? 0 : -run.entry().priority())
                    .thenComparing(run -> run.entry().dueAt())
                    .thenComparing(run -> run.claimed().run().id());

    /** The order of claims in several projects. */
    private static final Comparator<RankedRun> TURN_ORDER =
            Comparator.comparingLong(RankedRun::turn)
                    .thenComparing(run -> run.entry().dueAt())
                    .thenComparing(run -> run.claimed().run().id());

    /** A claimed run; whether it was started before, and its turn within its project. */
    private record RankedRun(ClaimedRun claimed, boolean started, long turn) {
        QueueEntry entry() {
            return claimed.entry();
        }
    }

    /**
     * The result of a statement.
     *
     * @param complete whether no candidates remain
     */
    private record Claim(
            List<RunUpdateResult> settled, List<ClaimedRun> claimed, boolean complete) {}

    /** How many waiting runs may be claimed. */
    private record FreeSlots(ConcurrencyLimits limits, Map<ProjectId, Long> counted) {

        static FreeSlots of(ConcurrencyLimits limits, QueueScan.Result scan) {
            Map<ProjectId, Long> counted = new HashMap<>();
            scan.lanes()
                    .forEach(
                            state ->
                                    counted.merge(
                                            state.lane().project(), state.counted(), Long::sum));
            return new FreeSlots(limits, counted);
        }

        long inAll() {
            long used = counted.values().stream().mapToLong(Long::longValue).sum();
            return Math.max(0, limits.total().orElse(Integer.MAX_VALUE) - used);
        }

        long of(ProjectId project) {
            return Math.max(0, limits.forProject(project) - counted.getOrDefault(project, 0L));
        }

        void take(List<RankedRun> runs) {
            for (RankedRun run : runs) {
                if (!run.started()) {
                    counted.merge(run.claimed().run().project(), 1L, Long::sum);
                }
            }
        }
    }

    private final RunUpdater updater;
    private final QueueMarks marks;
    private final ScanSchedule schedule;
    private volatile QueueScan.Result lastScan = QueueScan.Result.EMPTY;

    PostgresRunQueue(
            Database database,
            RunUpdater updater,
            Clock clock,
            QueueMarks marks) {
        super(database, clock);
        this.updater = updater;
        this.marks = marks;
        this.schedule = new ScanSchedule(clock);
    }

    @Override
    public List<ClaimedRun> claim(ProjectScope scope, ClaimRequest request) {
        return settleAndClaim(List.of(), scope, request).claimed();
    }

    @Override
    public SettleAndClaimResult settleAndClaim(
            List<Settlement> settlements, ProjectScope scope, ClaimRequest request) {
        if (request.max() == 0) {
            return new SettleAndClaimResult(settle(settlements), List.of());
        }
        if (!request.limits().isUnlimited()) {
            return claimWithinLimits(settlements, scope, request);
        }
        schedule.scanIfDue(this::scan);
        SettleAndClaimResult result = claimFromMarks(settlements, scope, request);
        int missing = request.max() - result.claimed().size();
        if (missing == 0) {
            return result;
        }
        List<ClaimedRun> claimed = new ArrayList<>(result.claimed());
        try {
            if (schedule.scanIfAllowed(this::scan) && lastScan.hasClaimable(scope, now())) {
                claimed.addAll(
                        claimFromMarks(List.of(), scope, request.withMax(missing)).claimed());
            }
        } catch (BackendException e) {
            // What is stored must be returned. The next claim meets the same failure.
            if (settlements.isEmpty() && claimed.isEmpty()) {
                throw e;
            }
        }
        return new SettleAndClaimResult(result.settled(), claimed);
    }

    private void scan() {
        Instant now = now();
        long lowering = marks.begin(now);
        QueueScan.Result result =
                database.read(PORT, session -> QueueScan.scan(session, now));
        marks.scanned(result, lowering, now);
        lastScan = result;
    }

    private SettleAndClaimResult claimFromMarks(
            List<Settlement> settlements, ProjectScope scope, ClaimRequest request) {
        Instant now = now();
        QueueMarks.Start start = marks.start(scope, now).without(settlements);
        if (start.isEmpty()) {
            return new SettleAndClaimResult(settle(settlements), List.of());
        }
        try {
            Claim claim =
                    scope instanceof ProjectScope.OnlyProjects only && only.projects().size() == 1
                            ? claimInProject(
                                    settlements,
                                    only.projects().iterator().next(),
                                    start,
                                    request,
                                    now)
                            : claimInProjects(settlements, start, request, now);
            marks.claimed(start, claim.claimed(), claim.complete(), now);
            return recorded(settlements, claim);
        } catch (RuntimeException e) {
            // The runs that this claim locked or leased may lie below marks that others moved.
            schedule.requireScan();
            throw e;
        }
    }

    /** Records the settled runs, and returns the result. */
    private SettleAndClaimResult recorded(List<Settlement> settlements, Claim claim) {
        for (int i = 0; i < settlements.size(); i++) {
            if (claim.settled().get(i) instanceof RunUpdateResult.Updated) {
                marks.updated(settlements.get(i).change());
            }
        }
        return new SettleAndClaimResult(claim.settled(), claim.claimed());
    }

    private List<RunUpdateResult> settle(List<Settlement> settlements) {
        if (settlements.isEmpty()) {
            return List.of();
        }
        List<RunUpdateResult> settled =
                database.execute(PORT, session -> settle(session, settlements));
        return recorded(settlements, new Claim(settled, List.of(), false)).settled();
    }

    private List<RunUpdateResult> settle(SqlSession session, List<Settlement> settlements)
            throws SQLException {
        return settlements.size() < 2
                ? results(session, settlements, Set.of())
                : results(
                        session,
                        settlements,
                        Set.copyOf(
                                bind(session.statement(SETTLE), settlements)
                                        .list(row -> row.id("id"))));
    }

    /**
     * Returns the result of each settlement. Those that were not settled together are settled one
     * by one, which tells why one is refused.
     */
    private List<RunUpdateResult> results(
            SqlSession session, List<Settlement> settlements, Set<UUID> settled)
            throws SQLException {
        List<RunUpdateResult> results = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            RunChange change = settlement.change();
            Run run = change.after().run();
            results.add(
                    settled.contains(run.id().value())
                            ? new RunUpdateResult.Updated(change.after())
                            : updater.update(session, run.project(), change));
        }
        return results;
    }

    private Claim claimInProject(
            List<Settlement> settlements,
            ProjectId project,
            QueueMarks.Start start,
            ClaimRequest request,
            Instant now) {
        return database.execute(
                PORT,
                session -> {
                    List<RankedRun> claimed = new ArrayList<>();
                    List<RunUpdateResult> results;
                    if (settlements.isEmpty()) {
                        results = List.of();
                        bind(session.statement(CLAIM_IN_PROJECT), project, start, request, now)
                                .list(row -> claimed.add(readRanked(row, 0)));
                    } else {
                        Set<UUID> settled = new HashSet<>();
                        SqlStatement statement =
                                bind(session.statement(SETTLE_AND_CLAIM_IN_PROJECT), settlements);
                        bind(statement, project, start, request, now)
                                .list(
                                        row -> {
                                            settled.addAll(
                                                    row.optionalIds("settled").orElse(List.of()));
                                            return isClaimed(row)
                                                    && claimed.add(readRanked(row, 0));
                                        });
                        results = results(session, settlements, settled);
                    }
                    return new Claim(
                            results,
                            sorted(claimed, PROJECT_ORDER),
                            claimed.size() < request.max());
                });
    }

    /**
     * Settles and claims in separate statements: a claim sees the state at the beginning of its
     * statement. It notices the runs that others have claimed since then only when it locks them,
     * and would keep these locks until the settlements are stored.
     */
    private Claim claimInProjects(
            List<Settlement> settlements,
            QueueMarks.Start start,
            ClaimRequest request,
            Instant now) {
        FreeSlots free = new FreeSlots(ConcurrencyLimits.NONE, new HashMap<>());
        return settlements.isEmpty()
                ? database.execute(
                        PORT,
                        session -> claimInTurn(session, List.of(), start, free, request, now))
                : database.inTransaction(
                        PORT,
                        session ->
                                claimInTurn(
                                        session,
                                        settle(session, settlements),
                                        start,
                                        free,
                                        request,
                                        now));
    }

    private SettleAndClaimResult claimWithinLimits(
            List<Settlement> settlements, ProjectScope scope, ClaimRequest request) {
        Claim claim =
                database.inTransaction(
                        PORT,
                        session -> {
                            List<RunUpdateResult> settled = settle(session, settlements);
                            session.statement(LOCK_CLAIMS).list(row -> row);
                            Instant now = now();
                            QueueScan.Result scan = QueueScan.scan(session, now);
                            return claimInTurn(
                                    session,
                                    settled,
                                    scan.start(scope, now),
                                    FreeSlots.of(request.limits(), scan),
                                    request,
                                    now);
                        });
        claim.claimed().forEach(each -> marks.leased(each.lease()));
        return recorded(settlements, claim);
    }

    /**
     * Claims runs until there are enough or no candidates are left, in a bounded number of
     * attempts.
     */
    private static Claim claimInTurn(
            SqlSession session,
            List<RunUpdateResult> settled,
            QueueMarks.Start start,
            FreeSlots free,
            ClaimRequest request,
            Instant now)
            throws SQLException {
        List<ClaimedRun> claimed = new ArrayList<>();
        long extra = EXTRA_CANDIDATES;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            int missing = request.max() - claimed.size();
            List<RankedRun> found = new ArrayList<>();
            List<Long> candidates =
                    bind(
                                    session.statement(CLAIM_IN_TURN),
                                    start,
                                    free,
                                    request.withMax(missing),
                                    missing + extra,
                                    now)
                            .list(
                                    row -> {
                                        if (isClaimed(row)) {
                                            found.add(readRanked(row, row.number("turn")));
                                        }
                                        return row.number("candidates");
                                    });
            claimed.addAll(sorted(found, TURN_ORDER));
            if (found.size() == missing) {
                break;
            }
            if (found.size() == candidates.get(0)) {
                return new Claim(settled, claimed, true);
            }
            free.take(found);
            extra *= 4; // Others hold some candidates: consider more.
        }
        return new Claim(settled, claimed, false);
    }

    private static boolean isClaimed(Row row) throws SQLException {
        return row.optionalId("id").isPresent();
    }

    private static RankedRun readRanked(Row row, long turn) throws SQLException {
        return new RankedRun(readClaimed(row), row.flag("started"), turn);
    }

    private static List<ClaimedRun> sorted(List<RankedRun> runs, Comparator<RankedRun> order) {
        return runs.stream().sorted(order).map(RankedRun::claimed).toList();
    }

    private static SqlStatement bind(SqlStatement statement, List<Settlement> settlements)
            throws SQLException {
        RowBatch rows =
                new RowBatch(
                        "bigint", "uuid", "uuid", "bigint", "bigint", "bigint", "text", "text",
                        "text", "text", "text", "text", "text", "text", "integer", "text",
                        "timestamptz", "timestamptz");
        for (Settlement settlement : settlements) {
            RunChange change = settlement.change();
            Run before = change.before().run();
            rows.project(before.project())
                    .id(before.task().value())
                    .id(before.id().value())
                    .number(before.version())
                    .number(change.lease().orElseThrow().token());
            RunColumns.bind(rows, change.after().run()).endRow();
        }
        return rows.bind(statement);
    }

    private static SqlStatement bind(
            SqlStatement statement,
            ProjectId project,
            QueueMarks.Start start,
            ClaimRequest request,
            Instant now)
            throws SQLException {
        RowBatch lanes = new RowBatch("smallint", "timestamptz");
        for (QueueMarks.LaneStart each : start.lanes()) {
            lanes.number(each.lane().priority()).time(each.from()).endRow();
        }
        statement
                .project(project)
                .time(now)
                .number(request.max())
                .text(request.owner())
                .time(leaseEnd(now, request.leaseFor()))
                .ids(start.started().keySet().stream().map(run -> run.run().value()).toList());
        return lanes.bind(statement);
    }

    private static SqlStatement bind(
            SqlStatement statement,
            QueueMarks.Start start,
            FreeSlots free,
            ClaimRequest request,
            long maxOfLane,
            Instant now)
            throws SQLException {
        RowBatch started = new RowBatch("bigint", "uuid");
        for (QueueMarks.RunKey each : start.started().keySet()) {
            started.project(each.project()).id(each.run().value()).endRow();
        }
        RowBatch lanes = new RowBatch("bigint", "smallint", "timestamptz", "bigint");
        for (QueueMarks.LaneStart each : start.lanes()) {
            ProjectId project = each.lane().project();
            lanes.project(project)
                    .number(each.lane().priority())
                    .time(each.from())
                    .number(free.of(project))
                    .endRow();
        }
        statement
                .time(now)
                .number(request.max())
                .text(request.owner())
                .time(leaseEnd(now, request.leaseFor()))
                .number(Math.min(maxOfLane, Integer.MAX_VALUE))
                .number(free.inAll());
        return lanes.bind(started.bind(statement));
    }

    @Override
    public List<Optional<ClaimedRun>> renew(List<Lease> leases, Duration leaseFor) {
        if (leases.isEmpty()) {
            return List.of();
        }
        Instant until = leaseEnd(now(), leaseFor);
        RowBatch rows = new RowBatch("bigint", "uuid", "bigint");
        for (Lease lease : leases.stream().sorted(LOCK_ORDER).toList()) {
            rows.project(lease.project()).id(lease.run().value()).number(lease.token()).endRow();
        }
        Map<QueueMarks.RunKey, ClaimedRun> renewed = new HashMap<>();
        database.execute(
                        PORT,
                        session ->
                                rows.bind(session.statement(RENEW).time(until))
                                        .list(JdbcRunQueue::readClaimed))
                .forEach(each -> renewed.put(QueueMarks.RunKey.of(each.lease()), each));
        renewed.values().forEach(each -> marks.leased(each.lease()));
        return leases.stream()
                .map(lease -> Optional.ofNullable(renewed.get(QueueMarks.RunKey.of(lease))))
                .toList();
    }

    @Override
    public boolean release(Lease lease) {
        Optional<QueueEntry> entry =
                database.execute(
                        PORT,
                        session ->
                                session.statement(RELEASE)
                                        .project(lease.project())
                                        .id(lease.run().value())
                                        .number(lease.token())
                                        .findOne(QueueColumns::read));
        entry.ifPresent(released -> marks.released(lease, released));
        return entry.isPresent();
    }
}
