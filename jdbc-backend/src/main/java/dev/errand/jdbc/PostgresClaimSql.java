package dev.errand.jdbc;

import dev.errand.spi.ProjectScope;

/**
 * The SQL of claims on PostgreSQL.
 *
 * <p>The number of wanted runs is part of the text. PostgreSQL estimates an unknown limit as a
 * tenth of all rows, so that the generic plan looks bad and each claim would be planned again,
 * which takes longer than the claim. To keep the number of different texts small, the limit in the
 * text is a power of four, and an outer limit reduces it to the wanted number.
 *
 * <p>The chosen runs are locked one by one, each by its primary key: the planner does not know how
 * few candidates there are, and for the number that it expects it would read the whole table.
 */
final class PostgresClaimSql {

    /** Runs waiting to be started, as in the index errand_run_waiting. */
    private static final String WAITING_TO_START =
            "phase = 'waiting' and stop_cause is null and lease_until is null";

    /**
     * Started or stopped runs without a lease, as in the index errand_run_unattended. They already
     * occupy a slot.
     */
    private static final String STARTED_WITHOUT_LEASE =
            "lease_until is null and due_at is not null"
                    + " and (phase = 'launched' or stop_cause is not null)";

    /**
     * The pairs of project and priority with waiting runs, found by stepping through the index, and
     * when the first run of each is due.
     */
    private static final String WAITING =
            """
            (select project_id, priority, due_at from errand_run
             where %2$s%1$s
             order by project_id desc, priority desc, due_at limit 1)
            union all
            select following.project_id, following.priority, following.due_at
            from waiting w cross join lateral (
                select project_id, priority, due_at from errand_run
                where (project_id, priority) < (w.project_id, w.priority) and %2$s%1$s
                order by project_id desc, priority desc, due_at limit 1) following""";

    /** The first few runs of each pair, and the first few runs that already occupy a slot. */
    private static final String CANDIDATES =
            """
            select first.project_id, first.id, first.priority, first.due_at, false as begun
            from waiting w cross join lateral (
                select r.project_id, r.id, r.priority, r.due_at from errand_run r
                where r.project_id = w.project_id and r.priority = w.priority
                    and %3$s and r.due_at <= ?
                order by r.due_at, r.id limit %2$d) first
            where w.due_at <= ?
            union all
            select * from (
                select project_id, id, 0, due_at, true from errand_run
                where lease_until <= ? and due_at <= ?%1$s
                order by lease_until limit %2$d) expired
            union all
            select * from (
                select project_id, id, 0, due_at, true from errand_run
                where %4$s and due_at <= ?%1$s
                order by due_at limit %2$d) unattended""";

    /** The order in which the runs of a project are claimed. */
    private static final String ORDER = "begun desc, priority desc, due_at, id";

    private static final String CLAIM =
            """
            waiting (project_id, priority, due_at) as (%1$s),
            candidate as (%2$s),
            ranked as (
                select c.*, row_number() over (
                    partition by project_id order by %3$s) as turn
                from candidate c),
            chosen as (%5$s
                select r.project_id, r.id, c.turn
                from (select * from ranked order by turn, due_at, id) c
                cross join lateral (
                    select r.project_id, r.id from errand_run r
                    where r.project_id = c.project_id and r.id = c.id
                        and r.due_at <= ? and (r.lease_until is null or r.lease_until <= ?)
                    for update skip locked) r
                order by c.turn, c.due_at, c.id
                limit %4$d%6$s),
            """;

    /**
     * A claim with limits: of the waiting runs only as many as there are free slots in the project
     * and in total.
     */
    private static final String CLAIM_WITHIN_LIMITS =
            """
            waiting (project_id, priority, due_at) as (%1$s),
            considered as (%2$s),
            taken as (
                select project_id, count(*) as places from (
                    select project_id from errand_run where lease_until is not null
                    union all
                    select project_id from errand_run
                    where lease_until is null and due_at is not null and phase = 'launched') p
                group by project_id),
            own_limit as (
                select * from unnest(cast(? as bigint[]), cast(? as bigint[]))
                    as own (project_id, places)),
            ranked as (
                select c.*,
                    row_number() over (partition by project_id order by %3$s) as turn,
                    row_number() over (
                        partition by project_id, begun order by %3$s) as place
                from considered c),
            allowed as (
                select ranked.*,
                    row_number() over (
                        partition by ranked.begun
                        order by ranked.turn, ranked.due_at, ranked.id) as place_in_all
                from ranked
                left join taken on taken.project_id = ranked.project_id
                left join own_limit on own_limit.project_id = ranked.project_id
                where ranked.begun or ranked.place <=
                    coalesce(own_limit.places, ?) - coalesce(taken.places, 0)),
            candidate as (
                select * from allowed
                where begun or place_in_all <=
                    ? - (select coalesce(sum(places), 0) from taken)),
            chosen as (%5$s
                select r.project_id, r.id, c.turn
                from (select * from candidate order by turn, due_at, id) c
                cross join lateral (
                    select r.project_id, r.id from errand_run r
                    where r.project_id = c.project_id and r.id = c.id
                        and r.due_at <= ? and (r.lease_until is null or r.lease_until <= ?)
                    for update skip locked) r
                order by c.turn, c.due_at, c.id
                limit %4$d%6$s),
            """;

    /**
     * A claim in one project. Its candidates are locked as they are read, so none is read in vain;
     * with many projects that would lock too many rows. Project and time are selected from a
     * subquery, so that no custom plan can use their values: such a plan would always look cheaper
     * than the generic one, and be made again for each claim.
     */
    private static final String CLAIM_OF_ONE_PROJECT =
            """
            asked as materialized (
                select cast(? as bigint) as project_id, cast(? as timestamptz) as now),
            waiting as (
                select r.project_id, r.id, r.priority, r.due_at, false as begun
                from errand_run r
                where r.project_id = (select project_id from asked) and %4$s
                    and r.due_at <= (select now from asked)
                order by r.priority desc, r.due_at, r.id limit %1$d
                for update skip locked),
            expired as (
                select r.project_id, r.id, 0, r.due_at, true
                from errand_run r
                where r.project_id = (select project_id from asked)
                    and r.lease_until <= (select now from asked)
                    and r.due_at <= (select now from asked)%2$s
                order by r.lease_until limit %1$d
                for update skip locked),
            unattended as (
                select r.project_id, r.id, 0, r.due_at, true
                from errand_run r
                where r.project_id = (select project_id from asked) and %5$s
                    and r.due_at <= (select now from asked)%2$s
                order by r.due_at limit %1$d
                for update skip locked),
            candidate as (
                select * from waiting
                union all
                select * from expired
                union all
                select * from unattended),
            chosen as (
                select c.project_id, c.id, row_number() over (order by %3$s) as turn
                from candidate c
                order by %3$s
                limit %1$d),
            """;

    /**
     * A claim of one run in one project, which chooses as {@link #CLAIM_OF_ONE_PROJECT} does.
     * PostgreSQL spends more time on starting and ending a long plan than a short one takes in
     * total.
     */
    private static final String SINGLE_CLAIM =
            """
            claimed as (
                update errand_run r
                set lease_owner = ?, lease_token = r.lease_token + 1, lease_until = ?
                where r.project_id = ? and r.id = (
                    select id from (
                        select * from (
                            select r.id, r.due_at, false as begun from errand_run r
                            where r.project_id = ? and %2$s and r.due_at <= ?
                            order by r.priority desc, r.due_at, r.id limit 1
                            for update skip locked) waiting
                        union all
                        select * from (
                            select r.id, r.due_at, true from errand_run r
                            where r.project_id = ? and r.lease_until <= ? and r.due_at <= ?%1$s
                            order by r.lease_until limit 1
                            for update skip locked) expired
                        union all
                        select * from (
                            select r.id, r.due_at, true from errand_run r
                            where r.project_id = ? and %3$s and r.due_at <= ?%1$s
                            order by r.due_at limit 1
                            for update skip locked) unattended) candidate
                    order by begun desc, due_at, id limit 1)
                returning r.project_id, r.lease_token, %4$s)""";

    private static final String CLAIMED =
            """
            claimed as (
                update errand_run r
                set lease_owner = ?, lease_token = r.lease_token + 1, lease_until = ?
                from chosen
                where r.project_id = chosen.project_id and r.id = chosen.id
                returning chosen.turn, r.project_id, r.lease_token, %s)"""
                    .formatted(RunColumns.qualified("r"));

    private static final String CLAIM_ALONE =
            """
            with recursive %s
            select counted.candidates, claimed.*
            from (select count(*) as candidates from candidate) counted
            left join claimed on true""";

    /** The first row contains the settled runs, the others are those of a claim. */
    private static final String SETTLE_AND_CLAIM =
            """
            with recursive %1$s,
            %2$s
            select done.ids, 0 as candidates, claimed.*
            from (select coalesce(array_agg(id), '{}') as ids from settled) done
            left join claimed on false
            union all
            select null, counted.candidates, claimed.*
            from (select count(*) as candidates from candidate) counted
            left join claimed on true""";

    /**
     * A run that this statement settles must not be claimed by it, even if its lease has expired.
     */
    private static final String NOT_SETTLING =
            """
             and not exists (
                select from settling s where s.project_id = r.project_id and s.id = r.id)""";

    private static final String NEXT_DUE =
            """
            with recursive waiting (project_id, priority, due_at) as (%2$s)
            select min(at) from (
                select min(due_at) as at from waiting
                union all
                select min(due_at) from errand_run where %3$s%1$s
                union all
                select min(case when lease_until > ? then lease_until else due_at end)
                from errand_run where lease_until is not null%1$s) next""";

    private static final String DEPTH =
            """
            select count(*) filter (where not begun), min(due_at) filter (where not begun),
                count(*) filter (where begun)
            from (
                select due_at, false as begun from errand_run where %2$s and due_at <= ?%1$s
                union all
                select due_at, true from errand_run where %3$s and due_at <= ?%1$s
                union all
                select due_at, true from errand_run
                where lease_until <= ? and due_at <= ?%1$s) due""";

    private PostgresClaimSql() {}

    /**
     * The limit of a claim.
     *
     * @param bound the number in the text
     * @param isExact whether it is the wanted number; otherwise that is bound after the conditions
     */
    record Limit(int bound, boolean isExact) {

        private static final int FACTOR = 4;

        static Limit of(int wanted) {
            int bound = 1;
            while (bound < wanted) {
                bound = Math.multiplyExact(bound, FACTOR);
            }
            return new Limit(bound, bound == 1);
        }

        private String open() {
            return isExact ? "" : "select * from (";
        }

        private String close() {
            return isExact ? "" : ") c limit ?";
        }
    }

    /**
     * Returns a claim in any projects.
     *
     * @param settling the common table expressions of {@link PostgresSettlementSql} for one
     *     project, or an empty text
     * @param extra the number of additional candidates per project
     */
    static String claim(String settling, ProjectScope scope, Limit limit, int extra) {
        String within = RunClaimer.scopeCondition(scope);
        String condition = settling.isEmpty() ? "" : NOT_SETTLING;
        String chosen =
                RunClaimer.isSingleProject(scope)
                        ? CLAIM_OF_ONE_PROJECT.formatted(
                                limit.bound(),
                                condition,
                                ORDER,
                                qualified("r", WAITING_TO_START),
                                qualified("r", STARTED_WITHOUT_LEASE))
                        : CLAIM.formatted(
                                waiting(within),
                                candidates(within, (long) limit.bound() + extra),
                                ORDER,
                                limit.bound(),
                                limit.open(),
                                limit.close());
        return settling.isEmpty()
                ? CLAIM_ALONE.formatted(chosen + CLAIMED)
                : SETTLE_AND_CLAIM.formatted(settling, chosen + CLAIMED);
    }

    /** Returns a claim of one run in one project. */
    static String claimSingle() {
        return "with " + singleClaim("") + "\nselect * from claimed";
    }

    /**
     * Returns a settlement followed by a claim of one run, in one row; the columns of the run are
     * null if none is waiting.
     */
    static String settleAndClaimSingle() {
        return """
               with %s,
               %s
               select settled.id, claimed.* from (select 1) always
               left join settled on true left join claimed on true"""
                .formatted(PostgresSettlementSql.singleSettlement(), singleClaim(" and r.id <> ?"));
    }

    private static String singleClaim(String condition) {
        return SINGLE_CLAIM.formatted(
                condition,
                qualified("r", WAITING_TO_START),
                qualified("r", STARTED_WITHOUT_LEASE),
                RunColumns.qualified("r"));
    }

    /** Returns a claim with limits in any projects. */
    static String claimWithinLimits(ProjectScope scope, Limit limit, int extra) {
        String within = RunClaimer.scopeCondition(scope);
        return CLAIM_ALONE.formatted(
                CLAIM_WITHIN_LIMITS.formatted(
                                waiting(within),
                                candidates(within, (long) limit.bound() + extra),
                                ORDER,
                                limit.bound(),
                                limit.open(),
                                limit.close())
                        + CLAIMED);
    }

    /** Returns a query for the time at which the next run is due. */
    static String nextDue(ProjectScope scope) {
        String within = RunClaimer.scopeCondition(scope);
        return NEXT_DUE.formatted(within, waiting(within), STARTED_WITHOUT_LEASE);
    }

    /** Returns a query for the queue depth, which counts each kind of run in its own index. */
    static String depth(ProjectScope scope) {
        return DEPTH.formatted(
                RunClaimer.scopeCondition(scope), WAITING_TO_START, STARTED_WITHOUT_LEASE);
    }

    private static String waiting(String within) {
        return WAITING.formatted(within, WAITING_TO_START);
    }

    private static String candidates(String within, long bound) {
        return CANDIDATES.formatted(
                within, bound, qualified("r", WAITING_TO_START), STARTED_WITHOUT_LEASE);
    }

    private static String qualified(String alias, String condition) {
        return condition.replaceAll("\\b(phase|stop_cause|lease_until|due_at)\\b", alias + ".$1");
    }
}
