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
 * <p>The projects with waiting runs are found by stepping through an index from project to project
 * and, within one, from priority to priority; of each the first few runs are read along the same
 * index, so the cost depends on how many projects wait and not on how many runs. With them come the
 * first few runs of all projects whose leases ran out, those first that ran out first, and of those
 * that nobody attends to. They are locked in the order in which they are chosen, and what another
 * claim has locked is skipped; hence a few more are read than are wanted.
 *
 * <p>Claims within limits follow one another, by a lock that ends with the transaction: the
 * statement that counts must begin after the claim before it was committed, and see it, as it does
 * under "read committed".
 */
final class PostgresClaims implements RunClaims {

    /**
     * How many more runs of a project are looked at than are wanted, at first: at least so many.
     */
    private static final int FEW_MORE = 8;

    /**
     * Where many are wanted, a few others may each be at as many; this much is looked at anyway.
     */
    private static final int MANY = 64;

    private static final int MAX_ATTEMPTS = 5;

    /** Waits for its turn; the number is one of the tables with this prefix. */
    private static final String TAKE_TURN =
            "select pg_advisory_xact_lock(hashtextextended('errand_run', 0))";

    private static final String SETTLE_ALONE = "with %s select id from settled";

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
    private record Form(
            String settling,
            String within,
            boolean limited,
            PostgresClaimTexts.Size size,
            int more) {}

    private final Database database;
    private final RunChanges changes;
    private final PostgresOneRun oneRun;
    private final Map<Form, String> texts = new ConcurrentHashMap<>();

    PostgresClaims(Database database, RunChanges changes) {
        this.database = database;
        this.changes = changes;
        this.oneRun = new PostgresOneRun(database);
    }

    @Override
    public boolean needsTransaction(ConcurrencyLimits limits) {
        return !limits.areNone();
    }

    /**
     * A claim looks at what stood when its statement began. What another one has claimed since it
     * finds out only by locking it, and its owner could not settle it until we commit: so of
     * several projects, where many nodes claim, it does not begin with what comes before it.
     */
    @Override
    public boolean needsTransaction(ProjectScope scope, ConcurrencyLimits limits) {
        return needsTransaction(limits) || !RunClaims.isOne(scope);
    }

    @Override
    public List<ClaimedRun> claim(
            Session session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        if (PostgresOneRun.isAsked(scope, request)) {
            return oneRun.claim(session, scope, request, now).stream().toList();
        }
        if (!request.limits().areNone()) {
            session.call(database.sql(TAKE_TURN)).list(row -> row);
        }
        return claimRest(session, new ArrayList<>(), scope, request, more(request), now);
    }

    private static int more(ClaimRequest request) {
        int most = PostgresClaimTexts.Size.of(request.max()).most();
        return Math.max(FEW_MORE, Math.min(3 * most, MANY));
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
        Instant until = Timestamps.truncate(now.plus(request.leaseFor()));
        int more = firstMore;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            int wanted = request.max() - claimed.size();
            List<Found> found =
                    bind(
                                    session.call(sql("", scope, request, wanted, more)),
                                    scope,
                                    request,
                                    wanted,
                                    now)
                            .list(row -> found(row, request.owner(), until));
            if (isEnough(found, wanted, claimed)) {
                break;
            }
            more *= 4; // Others hold what was looked at: look further.
        }
        return List.copyOf(claimed);
    }

    @Override
    public List<RunUpdateResult> settle(Session session, List<Settlement> settlements)
            throws SQLException {
        if (settlements.size() == 1) {
            return answers(session, settlements, oneRun.settle(session, settlements));
        }
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
    public SettleAndClaimResult settleAndClaim(
            Session session,
            List<Settlement> settlements,
            ProjectScope scope,
            ClaimRequest request,
            Instant now)
            throws SQLException {
        if (needsTransaction(scope, request.limits())) {
            List<RunUpdateResult> settled = settle(session, settlements);
            return new SettleAndClaimResult(settled, claim(session, scope, request, now));
        }
        if (settlements.size() == 1 && PostgresOneRun.isAsked(scope, request)) {
            PostgresOneRun.Turn turn =
                    oneRun.settleAndClaim(session, settlements, scope, request, now);
            return new SettleAndClaimResult(
                    answers(session, settlements, turn.settled()),
                    turn.claimed().stream().toList());
        }
        String settling = PostgresSettlements.tables(settlements);
        String sql = sql(settling, scope, request, request.max(), more(request));
        Instant until = Timestamps.truncate(now.plus(request.leaseFor()));
        Set<UUID> settled = new HashSet<>();
        Call call = PostgresSettlements.bind(session.call(sql), settlements);
        List<Found> found = new ArrayList<>();
        bind(call, scope, request, request.max(), now)
                .list(
                        row -> {
                            Optional<List<UUID>> ids = row.idsOrNothing();
                            return ids.isPresent()
                                    ? settled.addAll(ids.get())
                                    : found.add(found(row, request.owner(), until));
                        });
        List<ClaimedRun> claimed = new ArrayList<>();
        List<ClaimedRun> all =
                isEnough(found, request.max(), claimed)
                        ? claimed
                        : claimRest(session, claimed, scope, request, more(request) * 4, now);
        return new SettleAndClaimResult(answers(session, settlements, settled), all);
    }

    /** What became of each; those that were not settled are looked at one by one. */
    private List<RunUpdateResult> answers(
            Session session, List<Settlement> settlements, Set<UUID> settled) throws SQLException {
        List<RunUpdateResult> answers = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            RunChange change = settlement.change();
            answers.add(
                    settled.contains(change.after().id().value())
                            ? new RunUpdateResult.Updated(change.after())
                            : changes.attempt(session, change.before().project(), change));
        }
        return answers;
    }

    /** The text of a statement is long, and made once for what it depends on. */
    private String sql(
            String settling, ProjectScope scope, ClaimRequest request, int wanted, int more) {
        boolean limited = !request.limits().areNone();
        PostgresClaimTexts.Size size = size(scope, limited, wanted);
        return texts.computeIfAbsent(
                new Form(settling, RunClaims.within(scope), limited, size, more),
                form ->
                        database.sql(
                                limited
                                        ? PostgresClaimTexts.claimWithinLimits(scope, size, more)
                                        : PostgresClaimTexts.claim(settling, scope, size, more)));
    }

    /** Takes up what was claimed; whether more cannot be had. */
    private static boolean isEnough(List<Found> found, int wanted, List<ClaimedRun> claimed) {
        List<Turn> turns =
                found.stream().flatMap(row -> row.turn().stream()).sorted(ORDER).toList();
        turns.forEach(turn -> claimed.add(turn.claimed()));
        return turns.size() == wanted || found.get(0).candidates() == turns.size();
    }

    private static Call bind(
            Call call, ProjectScope scope, ClaimRequest request, int wanted, Instant now)
            throws SQLException {
        Instant until = Timestamps.truncate(now.plus(request.leaseFor()));
        boolean limited = !request.limits().areNone();
        if (RunClaims.isOne(scope) && !limited) {
            return RunClaims.bind(call, scope).time(now).text(request.owner()).time(until);
        }
        RunClaims.bind(RunClaims.bind(call, scope), scope);
        call.time(now).time(now).time(now).time(now);
        RunClaims.bind(call, scope).time(now);
        RunClaims.bind(call, scope);
        if (limited) {
            bind(call, request.limits());
        }
        call.time(now).time(now);
        return bind(call, wanted).text(request.owner()).time(until);
    }

    /** A worker claims the same number each time, and has a text for just that. */
    private static PostgresClaimTexts.Size size(ProjectScope scope, boolean limited, int wanted) {
        return RunClaims.isOne(scope) && !limited
                ? new PostgresClaimTexts.Size(wanted, true)
                : PostgresClaimTexts.Size.of(wanted);
    }

    private static Call bind(Call call, int wanted) throws SQLException {
        return PostgresClaimTexts.Size.of(wanted).isExact() ? call : call.number(wanted);
    }

    private static void bind(Call call, ConcurrencyLimits limits) throws SQLException {
        List<ProjectId> projects = List.copyOf(limits.projectOverrides().keySet());
        call.numbers(projects.stream().map(ProjectId::value).toList())
                .numbers(projects.stream().map(project -> (long) limits.of(project)).toList())
                .number(limits.perProject().orElse(Integer.MAX_VALUE))
                .number(limits.total().orElse(Integer.MAX_VALUE));
    }

    private static Found found(Row row, String owner, Instant until) throws SQLException {
        return new Found(row.number(), turn(row, owner, until));
    }

    private static Optional<Turn> turn(Row row, String owner, Instant until) throws SQLException {
        Optional<Long> turn = row.numberOrNothing();
        if (turn.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Turn(turn.get(), claimed(row, owner, until)));
    }

    /** A run that was claimed, from its project, token and columns. */
    static ClaimedRun claimed(Row row, String owner, Instant until) throws SQLException {
        ProjectId project = ProjectId.of(row.number());
        long token = row.number();
        Run run = RunColumns.read(project, row);
        return new ClaimedRun(run, new Lease(project, run.id(), owner, token, until));
    }

    @Override
    public Optional<Instant> nextDue(Session session, ProjectScope scope, Instant now)
            throws SQLException {
        Call call = session.call(database.sql(PostgresClaimTexts.nextDue(scope)));
        RunClaims.bind(RunClaims.bind(RunClaims.bind(call, scope), scope), scope);
        RunClaims.bind(call.time(now), scope);
        return call.one(Row::timeOrNothing).orElseThrow();
    }

    @Override
    public QueueDepth depth(Session session, ProjectScope scope, Instant now) throws SQLException {
        Call call = session.call(database.sql(PostgresClaimTexts.depth(scope)));
        RunClaims.bind(call.time(now), scope);
        RunClaims.bind(call.time(now), scope);
        RunClaims.bind(call.time(now).time(now), scope);
        return call.one(RunClaims::depth).orElseThrow();
    }
}
