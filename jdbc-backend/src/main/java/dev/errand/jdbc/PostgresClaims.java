package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.dispatch.Settlement;
import dev.errand.spi.dispatch.Turnover;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunAdvance;
import dev.errand.spi.run.RunChange;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Claims of PostgreSQL: n runs in one statement.
 *
 * <p>The projects with waiting runs are found by stepping through an index from project to project,
 * and of each the first few runs are read along the same index, so the cost depends on how many
 * projects wait and not on how many runs. With them come the first few runs of all projects whose
 * leases ran out, those first that ran out first. They are locked in the order in which they are
 * chosen, and what another claim has locked is skipped; hence a few more are read than are wanted.
 */
final class PostgresClaims implements RunClaims {

    /** How many more runs of a project are looked at than are wanted, at first. */
    private static final int FEW_MORE = 8;

    private static final int MAX_ATTEMPTS = 5;

    /**
     * Common tables, of which {@code claimed} has the runs that were. How many are wanted stands in
     * the text: PostgreSQL takes a limit that it does not know for a tenth of all rows, thinks
     * little of a plan for any such limit, and would plan each claim again, which takes longer than
     * to claim.
     */
    private static final String CLAIM =
            """
            waiting (project_id, due_at) as (%6$s),
            candidate as (
                select first.project_id, first.id, first.due_at
                from waiting w cross join lateral (
                    select r.project_id, r.id, r.due_at from errand_run r
                    where r.project_id = w.project_id
                        and r.due_at <= ? and r.lease_until is null
                    order by r.due_at, r.id limit %4$d) first
                where w.due_at <= ?
                union all
                select * from (
                    select project_id, id, due_at from errand_run
                    where lease_until <= ? and due_at <= ?%1$s
                    order by lease_until limit %4$d) expired),
            ranked as (
                select c.*, row_number() over (
                    partition by project_id order by due_at, id) as turn
                from candidate c),
            chosen as (
                select r.project_id, r.id, ranked.turn
                from ranked
                join errand_run r on r.project_id = ranked.project_id and r.id = ranked.id
                where r.due_at <= ? and (r.lease_until is null or r.lease_until <= ?)%3$s
                order by ranked.turn, ranked.due_at, ranked.id
                limit %5$d
                for update of r skip locked),
            claimed as (
                update errand_run r
                set lease_owner = ?, lease_token = r.lease_token + 1, lease_until = ?
                from chosen
                where r.project_id = chosen.project_id and r.id = chosen.id
                returning chosen.turn, r.project_id, r.lease_token, %2$s)""";

    /** The projects with waiting runs, found by stepping from one to the next. */
    private static final String WAITING =
            """
            (select project_id, due_at from errand_run
             where due_at is not null and lease_until is null%1$s
             order by project_id, due_at limit 1)
            union all
            select following.project_id, following.due_at
            from waiting w cross join lateral (
                select project_id, due_at from errand_run
                where project_id > w.project_id
                    and due_at is not null and lease_until is null%1$s
                order by project_id, due_at limit 1) following""";

    /**
     * The same for one project. Its runs are locked as they are read, so nothing that others have
     * locked is looked at in vain; with many projects that would lock too much.
     */
    private static final String CLAIM_OF_ONE =
            """
            waiting as (
                select r.project_id, r.id, r.due_at from errand_run r
                where r.project_id = ? and r.due_at <= ? and r.lease_until is null
                order by r.due_at, r.id limit %1$d
                for update skip locked),
            expired as (
                select r.project_id, r.id, r.due_at from errand_run r
                where r.project_id = ? and r.lease_until <= ? and r.due_at <= ? %3$s
                order by r.lease_until limit %1$d
                for update skip locked),
            candidate as (
                select * from waiting
                union all
                select * from expired),
            chosen as (
                select c.project_id, c.id, row_number() over (order by c.due_at, c.id) as turn
                from candidate c
                order by c.due_at, c.id
                limit %1$d),
            claimed as (
                update errand_run r
                set lease_owner = ?, lease_token = r.lease_token + 1, lease_until = ?
                from chosen
                where r.project_id = chosen.project_id and r.id = chosen.id
                returning chosen.turn, r.project_id, r.lease_token, %2$s)""";

    private static final String CLAIM_ALONE =
            """
            with recursive %s
            select counted.candidates, claimed.*
            from (select count(*) as candidates from candidate) counted
            left join claimed on true""";

    private static final String SETTLE_ALONE =
            """
            with %s
            select id from settled""";

    private static final String SETTLE_AND_CLAIM =
            """
            with recursive %1$s,
            %2$s
            select done.ids, counted.candidates, claimed.*
            from (select count(*) as candidates from candidate) counted
            cross join (select coalesce(array_agg(id), '{}') as ids from settled) done
            left join claimed on true""";

    /** A run that is settled by the statement is not claimed by it, though its lease ran out. */
    private static final String NOT_SETTLING =
            """
             and not exists (
                select from settling s where s.project_id = r.project_id and s.id = r.id)""";

    private static final String NEXT_DUE =
            """
            with recursive waiting (project_id, due_at) as (
                (select project_id, due_at from errand_run
                 where due_at is not null and lease_until is null%1$s
                 order by project_id, due_at limit 1)
                union all
                select following.project_id, following.due_at
                from waiting w cross join lateral (
                    select project_id, due_at from errand_run
                    where project_id > w.project_id
                        and due_at is not null and lease_until is null%1$s
                    order by project_id, due_at limit 1) following)
            select min(at) from (
                select min(due_at) as at from waiting
                union all
                select min(case when lease_until > ? then lease_until else due_at end)
                from errand_run where lease_until is not null%1$s) next""";

    private static final Comparator<Turn> ORDER =
            Comparator.comparingLong(Turn::turn)
                    .thenComparing(Turn::dueAt)
                    .thenComparing(turn -> turn.claimed().run().id());

    /** A claimed run and when it had its turn. */
    private record Turn(long turn, ClaimedRun claimed) {
        Instant dueAt() {
            return claimed.run().dispatch().dueAt().orElseThrow();
        }
    }

    /** A row of the answer; without a run where nothing could be claimed. */
    private record Found(long candidates, Optional<Turn> turn) {}

    /** What the text of a statement depends on. */
    private record Form(String settling, String within, int wanted, int more) {}

    private final Database database;
    private final RunChanges changes;
    private final Map<Form, String> texts = new ConcurrentHashMap<>();

    PostgresClaims(Database database, RunChanges changes) {
        this.database = database;
        this.changes = changes;
    }

    @Override
    public boolean needsTransaction() {
        return false;
    }

    @Override
    public List<ClaimedRun> claim(
            Session session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        return claimRest(session, new ArrayList<>(), scope, request, FEW_MORE, now);
    }

    /** Claims until there are as many as wanted, or nothing is left. */
    private List<ClaimedRun> claimRest(
            Session session,
            List<ClaimedRun> claimed,
            ProjectScope scope,
            ClaimRequest request,
            int firstMore,
            Instant now)
            throws SQLException {
        Instant until = Timestamps.stored(now.plus(request.leaseFor()));
        int more = firstMore;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            int wanted = request.max() - claimed.size();
            List<Found> found =
                    bind(session.call(sql("", scope, wanted, more)), scope, request, now)
                            .list(row -> found(row, request.owner(), until));
            if (isEnough(found, wanted, claimed)) {
                break;
            }
            more *= 4; // Others hold what was looked at: look further.
        }
        return List.copyOf(claimed);
    }

    @Override
    public List<RunAdvance> settle(Session session, List<Settlement> settlements)
            throws SQLException {
        Set<UUID> settled =
                new HashSet<>(
                        PostgresSettlements.bind(
                                        session.call(
                                                database.sql(
                                                        SETTLE_ALONE.formatted(
                                                                PostgresSettlements.tables(
                                                                        settlements)))),
                                        settlements)
                                .list(Row::id));
        return answers(session, settlements, settled);
    }

    @Override
    public Turnover settleAndClaim(
            Session session,
            List<Settlement> settlements,
            ProjectScope scope,
            ClaimRequest request,
            Instant now)
            throws SQLException {
        String sql = sql(PostgresSettlements.tables(settlements), scope, request.max(), FEW_MORE);
        Instant until = Timestamps.stored(now.plus(request.leaseFor()));
        Set<UUID> settled = new HashSet<>();
        Call call = PostgresSettlements.bind(session.call(sql), settlements);
        List<Found> found =
                bind(call, scope, request, now)
                        .list(
                                row -> {
                                    settled.addAll(row.ids());
                                    return found(row, request.owner(), until);
                                });
        List<ClaimedRun> claimed = new ArrayList<>();
        List<ClaimedRun> all =
                isEnough(found, request.max(), claimed)
                        ? claimed
                        : claimRest(session, claimed, scope, request, FEW_MORE * 4, now);
        return new Turnover(answers(session, settlements, settled), all);
    }

    /** What became of each; those that were not settled are looked at one by one. */
    private List<RunAdvance> answers(
            Session session, List<Settlement> settlements, Set<UUID> settled) throws SQLException {
        List<RunAdvance> answers = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            RunChange change = settlement.change();
            answers.add(
                    settled.contains(change.after().id().value())
                            ? new RunAdvance.Advanced(change.after())
                            : changes.attempt(session, change.before().project(), change));
        }
        return answers;
    }

    /** The text of a statement is long, and made once for what it depends on. */
    private String sql(String settling, ProjectScope scope, int wanted, int more) {
        return texts.computeIfAbsent(
                new Form(settling, RunClaims.within(scope), wanted, more),
                form -> {
                    String claim =
                            claim(scope, settling.isEmpty() ? "" : NOT_SETTLING, wanted, more);
                    return database.sql(
                            settling.isEmpty()
                                    ? CLAIM_ALONE.formatted(claim)
                                    : SETTLE_AND_CLAIM.formatted(settling, claim));
                });
    }

    private static String claim(ProjectScope scope, String condition, int wanted, int more) {
        String run = RunColumns.of("r");
        if (RunClaims.isOne(scope)) {
            return CLAIM_OF_ONE.formatted(wanted, run, condition);
        }
        String within = RunClaims.within(scope);
        return CLAIM.formatted(
                within, run, condition, (long) wanted + more, wanted, WAITING.formatted(within));
    }

    /** Takes up what was claimed; whether more cannot be had. */
    private static boolean isEnough(List<Found> found, int wanted, List<ClaimedRun> claimed) {
        List<Turn> turns =
                found.stream().flatMap(row -> row.turn().stream()).sorted(ORDER).toList();
        turns.forEach(turn -> claimed.add(turn.claimed()));
        return turns.size() == wanted || found.get(0).candidates() == turns.size();
    }

    private static Call bind(Call call, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        Instant until = Timestamps.stored(now.plus(request.leaseFor()));
        if (RunClaims.isOne(scope)) {
            RunClaims.bind(call, scope).time(now);
            return RunClaims.bind(call, scope)
                    .time(now)
                    .time(now)
                    .text(request.owner())
                    .time(until);
        }
        RunClaims.bind(RunClaims.bind(call, scope), scope);
        call.time(now).time(now).time(now).time(now);
        RunClaims.bind(call, scope);
        return call.time(now).time(now).text(request.owner()).time(until);
    }

    private static Found found(Row row, String owner, Instant until) throws SQLException {
        return new Found(row.number(), turn(row, owner, until));
    }

    private static Optional<Turn> turn(Row row, String owner, Instant until) throws SQLException {
        Optional<Long> turn = row.numberOrNothing();
        if (turn.isEmpty()) {
            return Optional.empty();
        }
        ProjectId project = ProjectId.of(row.number());
        long token = row.number();
        Run run = RunColumns.read(project, row);
        Lease lease = new Lease(project, run.id(), owner, token, until);
        return Optional.of(new Turn(turn.get(), new ClaimedRun(run, lease)));
    }

    @Override
    public Optional<Instant> nextDue(Session session, ProjectScope scope, Instant now)
            throws SQLException {
        Call call = session.call(database.sql(NEXT_DUE.formatted(RunClaims.within(scope))));
        RunClaims.bind(RunClaims.bind(call, scope), scope);
        RunClaims.bind(call.time(now), scope);
        return call.one(Row::timeOrNothing).orElseThrow();
    }
}
