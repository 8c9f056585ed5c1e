package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.Settlement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * The statements of {@link PostgresRunQueue}.
 *
 * <p>The parameters of a statement are selected once and then read from there: PostgreSQL plans a
 * statement again for each execution if a plan for the actual values looks cheaper than a general
 * one, which takes longer than the statement. It does not know these values when it plans.
 */
final class PostgresQueueSql {

    /** Claims in one project. Locks no run that it does not claim. */
    static final String CLAIM_IN_PROJECT =
            """
            with request as materialized (
                select cast(? as bigint) as project_id, cast(? as timestamptz) as now,
                    cast(? as integer) as max, cast(? as text) as owner,
                    cast(? as timestamptz) as lease_until, cast(? as uuid[]) as started_runs,
                    cast(? as smallint[]) as priorities, cast(? as timestamptz[]) as due_from),
            started as (
                select locked.project_id, locked.run_id, true as started
                from (
                    select q.project_id, q.run_id
                    from request
                    cross join unnest(request.started_runs) as candidate (run_id)
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
                returning chosen.started, q.run_id,
                    q.project_id, q.phase, q.failures, q.queued_at, q.due_at, q.handle,
                    q.last_failure, q.stop_reason, q.priority, q.queued_limit, q.launch_limit,
                    q.inactivity_limit, q.total_limit, q.lease_owner, q.lease_token,
                    q.lease_until)
            select claimed.started,
                claimed.project_id, claimed.phase, claimed.failures, claimed.queued_at,
                claimed.due_at, claimed.handle, claimed.last_failure, claimed.stop_reason,
                claimed.priority, claimed.queued_limit, claimed.launch_limit,
                claimed.inactivity_limit, claimed.total_limit, claimed.lease_owner,
                claimed.lease_token, claimed.lease_until,
                r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at
            from claimed
            join errand_run r on r.project_id = claimed.project_id and r.id = claimed.run_id""";

    /** Settles runs and claims in one project. Each row has the ids of the settled runs. */
    static final String SETTLE_AND_CLAIM_IN_PROJECT =
            """
            with settlement as materialized (
                select settlement.*
                from unnest((select cast(? as json[]))) as changed
                cross join lateral json_to_record(changed) as settlement (
                    project_id bigint, id uuid, task_id uuid, version_before bigint, token bigint,
                    version bigint, status text, environment text, stage text, branch text,
                    error_message text, output text, state text, artifacts jsonb,
                    attempt integer, end_reason text, updated_at timestamptz,
                    completed_at timestamptz)),
            held as (
                select held.project_id, held.run_id
                from settlement s
                cross join lateral (
                    select q.project_id, q.run_id from errand_queue q
                    where q.project_id = s.project_id and q.run_id = s.id
                        and q.lease_owner is not null and q.lease_token = s.token
                    for update) held),
            settled as (
                update errand_run r set
                    version = s.version, status = s.status, environment = s.environment,
                    stage = s.stage, branch = s.branch, error_message = s.error_message,
                    output = s.output, state = s.state, artifacts = s.artifacts,
                    attempt = s.attempt, end_reason = s.end_reason, updated_at = s.updated_at,
                    completed_at = s.completed_at
                from held
                join settlement s on s.project_id = held.project_id and s.id = held.run_id
                where r.project_id = held.project_id and r.id = held.run_id
                    and r.task_id = s.task_id and r.version = s.version_before
                returning r.project_id, r.id),
            ended as (
                delete from errand_queue q using settled
                where q.project_id = settled.project_id and q.run_id = settled.id),
            request as materialized (
                select cast(? as bigint) as project_id, cast(? as timestamptz) as now,
                    cast(? as integer) as max, cast(? as text) as owner,
                    cast(? as timestamptz) as lease_until, cast(? as uuid[]) as started_runs,
                    cast(? as smallint[]) as priorities, cast(? as timestamptz[]) as due_from),
            started as (
                select locked.project_id, locked.run_id, true as started
                from (
                    select q.project_id, q.run_id
                    from request
                    cross join unnest(request.started_runs) as candidate (run_id)
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
                returning chosen.started, q.run_id,
                    q.project_id, q.phase, q.failures, q.queued_at, q.due_at, q.handle,
                    q.last_failure, q.stop_reason, q.priority, q.queued_limit, q.launch_limit,
                    q.inactivity_limit, q.total_limit, q.lease_owner, q.lease_token,
                    q.lease_until)
            select done.settled, claimed.started,
                claimed.project_id, claimed.phase, claimed.failures, claimed.queued_at,
                claimed.due_at, claimed.handle, claimed.last_failure, claimed.stop_reason,
                claimed.priority, claimed.queued_limit, claimed.launch_limit,
                claimed.inactivity_limit, claimed.total_limit, claimed.lease_owner,
                claimed.lease_token, claimed.lease_until,
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
                select settlement.*
                from unnest((select cast(? as json[]))) as changed
                cross join lateral json_to_record(changed) as settlement (
                    project_id bigint, id uuid, task_id uuid, version_before bigint, token bigint,
                    version bigint, status text, environment text, stage text, branch text,
                    error_message text, output text, state text, artifacts jsonb,
                    attempt integer, end_reason text, updated_at timestamptz,
                    completed_at timestamptz)),
            held as (
                select held.project_id, held.run_id
                from settlement s
                cross join lateral (
                    select q.project_id, q.run_id from errand_queue q
                    where q.project_id = s.project_id and q.run_id = s.id
                        and q.lease_owner is not null and q.lease_token = s.token
                    for update) held),
            settled as (
                update errand_run r set
                    version = s.version, status = s.status, environment = s.environment,
                    stage = s.stage, branch = s.branch, error_message = s.error_message,
                    output = s.output, state = s.state, artifacts = s.artifacts,
                    attempt = s.attempt, end_reason = s.end_reason, updated_at = s.updated_at,
                    completed_at = s.completed_at
                from held
                join settlement s on s.project_id = held.project_id and s.id = held.run_id
                where r.project_id = held.project_id and r.id = held.run_id
                    and r.task_id = s.task_id and r.version = s.version_before
                returning r.project_id, r.id),
            ended as (
                delete from errand_queue q using settled
                where q.project_id = settled.project_id and q.run_id = settled.id)
            select id from settled""";

    /**
     * Claims in several projects, in turn: the first run of each project, then the second ones. The
     * candidates are read without locks, ranked, and locked one by one until there are enough. Of
     * the waiting runs of a project and of all, only as many are candidates as have free slots.
     * Each row has the number of candidates.
     */
    static final String CLAIM_IN_TURN =
            """
            with request as materialized (
                select cast(? as timestamptz) as now, cast(? as integer) as max,
                    cast(? as text) as owner, cast(? as timestamptz) as lease_until,
                    cast(? as integer) as max_of_lane, cast(? as bigint) as free_in_all,
                    cast(? as bigint[]) as started_projects, cast(? as uuid[]) as started_runs,
                    cast(? as bigint[]) as projects, cast(? as smallint[]) as priorities,
                    cast(? as timestamptz[]) as due_from, cast(? as bigint[]) as free),
            considered as (
                select q.project_id, q.run_id, true as started, 0 as priority, q.due_at,
                    cast(null as bigint) as free
                from request
                cross join unnest(request.started_projects, request.started_runs)
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
                where allowed.started or allowed.place_in_all <= request.free_in_all),
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
                returning chosen.started, chosen.turn, q.run_id,
                    q.project_id, q.phase, q.failures, q.queued_at, q.due_at, q.handle,
                    q.last_failure, q.stop_reason, q.priority, q.queued_limit, q.launch_limit,
                    q.inactivity_limit, q.total_limit, q.lease_owner, q.lease_token,
                    q.lease_until)
            select counted.candidates, claimed.started, claimed.turn,
                claimed.project_id, claimed.phase, claimed.failures, claimed.queued_at,
                claimed.due_at, claimed.handle, claimed.last_failure, claimed.stop_reason,
                claimed.priority, claimed.queued_limit, claimed.launch_limit,
                claimed.inactivity_limit, claimed.total_limit, claimed.lease_owner,
                claimed.lease_token, claimed.lease_until,
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
                returning q.run_id,
                    q.project_id, q.phase, q.failures, q.queued_at, q.due_at, q.handle,
                    q.last_failure, q.stop_reason, q.priority, q.queued_limit, q.launch_limit,
                    q.inactivity_limit, q.total_limit, q.lease_owner, q.lease_token,
                    q.lease_until)
            select
                renewed.project_id, renewed.phase, renewed.failures, renewed.queued_at,
                renewed.due_at, renewed.handle, renewed.last_failure, renewed.stop_reason,
                renewed.priority, renewed.queued_limit, renewed.launch_limit,
                renewed.inactivity_limit, renewed.total_limit, renewed.lease_owner,
                renewed.lease_token, renewed.lease_until,
                r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at
            from renewed
            join errand_run r on r.project_id = renewed.project_id and r.id = renewed.run_id""";

    static final String RELEASE =
            """
            update errand_queue set lease_owner = null, lease_until = null
            where project_id = ? and run_id = ?
                and lease_owner is not null and lease_token = ?
            returning phase, failures, queued_at, due_at, handle, last_failure, stop_reason,
                priority, queued_limit, launch_limit, inactivity_limit, total_limit""";

    /** Serializes claims with limits. */
    static final String LOCK_CLAIMS =
            """
            select pg_advisory_xact_lock(hashtextextended('errand_run', 0))""";

    private PostgresQueueSql() {}

    /** Binds the settlements of {@link #SETTLE} or {@link #SETTLE_AND_CLAIM_IN_PROJECT}. */
    static SqlStatement bind(SqlStatement statement, List<Settlement> settlements)
            throws SQLException {
        String[] changed = new String[settlements.size()];
        for (int i = 0; i < changed.length; i++) {
            RunChange change = settlements.get(i).change();
            changed[i] =
                    RunColumns.toJson(change.after().run())
                            .put("project_id", change.after().run().project().value())
                            .put("version_before", change.before().run().version())
                            .put("token", change.lease().orElseThrow().token())
                            .toString();
        }
        return statement.array("json", changed);
    }

    /** Binds the claim of {@link #CLAIM_IN_PROJECT} or {@link #SETTLE_AND_CLAIM_IN_PROJECT}. */
    static SqlStatement bind(
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
                .time(JdbcRunQueue.leaseEnd(now, request.leaseFor()))
                .ids(start.started().keySet().stream().map(run -> run.run().value()).toList());
        return lanes.bind(statement);
    }

    /** Binds {@link #CLAIM_IN_TURN}. */
    static SqlStatement bind(
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
                .time(JdbcRunQueue.leaseEnd(now, request.leaseFor()))
                .number(Math.min(maxOfLane, Integer.MAX_VALUE))
                .number(free.inAll());
        return lanes.bind(started.bind(statement));
    }
}
