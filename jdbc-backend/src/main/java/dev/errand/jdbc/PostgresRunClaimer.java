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
final class PostgresRunClaimer implements RunClaimer {

    /**
     * How many more runs of a project are looked at than are wanted, at first: at least so many.
     */
    private static final int MIN_EXTRA_CANDIDATES = 8;

    /**
     * Where many are wanted, a few others may each be at as many; this much is looked at anyway.
     */
    private static final int MAX_EXTRA_CANDIDATES = 64;

    private static final int MAX_ATTEMPTS = 5;

    /** Waits for its turn; the number is one of the tables with this prefix. */
    private static final String LOCK_CLAIMS =
            "select pg_advisory_xact_lock(hashtextextended('errand_run', 0))";

    private static final String SETTLE = "with %s select id from settled";

    private static final Comparator<RankedClaim> ORDER =
            Comparator.comparingLong(RankedClaim::turn)
                    .thenComparing(RankedClaim::dueAt)
                    .thenComparing(turn -> turn.claimed().run().id());

    /** A claimed run and when it had its turn. */
    private record RankedClaim(long turn, ClaimedRun claimed) {
        Instant dueAt() {
            return claimed.run().dispatch().dueAt().orElseThrow();
        }
    }

    /** A row of the answer; without a run where nothing could be claimed. */
    private record ClaimRow(long candidates, Optional<RankedClaim> turn) {}

    /** What the text of a statement depends on. */
    private record StatementKey(
            String settling,
            String scopeCondition,
            boolean limited,
            PostgresClaimSql.Limit limit,
            int extra) {}

    private final Database database;
    private final RunUpdater updater;
    private final PostgresSingleRunClaimer singleRun;
    private final Map<StatementKey, String> statements = new ConcurrentHashMap<>();

    PostgresRunClaimer(Database database, RunUpdater updater) {
        this.database = database;
        this.updater = updater;
        this.singleRun = new PostgresSingleRunClaimer(database);
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
        return needsTransaction(limits) || !RunClaimer.isSingleProject(scope);
    }

    @Override
    public List<ClaimedRun> claim(
            SqlSession session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        if (PostgresSingleRunClaimer.supports(scope, request)) {
            return singleRun.claim(session, scope, request, now).stream().toList();
        }
        if (!request.limits().areNone()) {
            session.statement(database.sql(LOCK_CLAIMS)).list(row -> row);
        }
        return claimRest(session, new ArrayList<>(), scope, request, extraCandidates(request), now);
    }

    private static int extraCandidates(ClaimRequest request) {
        int most = PostgresClaimSql.Limit.of(request.max()).bound();
        return Math.max(MIN_EXTRA_CANDIDATES, Math.min(3 * most, MAX_EXTRA_CANDIDATES));
    }

    /** Claims until there are as many as wanted, or nothing is left. */
    private List<ClaimedRun> claimRest(
            SqlSession session,
            List<ClaimedRun> claimed,
            ProjectScope scope,
            ClaimRequest request,
            int firstExtra,
            Instant now)
            throws SQLException {
        Instant until = Timestamps.stored(now.plus(request.leaseFor()));
        int extra = firstExtra;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            int wanted = request.max() - claimed.size();
            List<ClaimRow> found =
                    bind(
                                    session.statement(sql("", scope, request, wanted, extra)),
                                    scope,
                                    request,
                                    wanted,
                                    now)
                            .list(row -> found(row, request.owner(), until));
            if (addClaims(found, wanted, claimed)) {
                break;
            }
            extra *= 4; // Others hold what was looked at: look further.
        }
        return List.copyOf(claimed);
    }

    @Override
    public List<RunUpdateResult> settle(SqlSession session, List<Settlement> settlements)
            throws SQLException {
        if (settlements.size() == 1) {
            return results(session, settlements, singleRun.settle(session, settlements));
        }
        Set<UUID> settled =
                new HashSet<>(
                        PostgresSettlementSql.bind(
                                        session.statement(
                                                database.sql(
                                                        SETTLE.formatted(
                                                                PostgresSettlementSql.tables(
                                                                        settlements)))),
                                        settlements)
                                .list(ResultRow::id));
        return results(session, settlements, settled);
    }

    @Override
    public SettleAndClaimResult settleAndClaim(
            SqlSession session,
            List<Settlement> settlements,
            ProjectScope scope,
            ClaimRequest request,
            Instant now)
            throws SQLException {
        if (needsTransaction(scope, request.limits())) {
            List<RunUpdateResult> settled = settle(session, settlements);
            return new SettleAndClaimResult(settled, claim(session, scope, request, now));
        }
        if (settlements.size() == 1 && PostgresSingleRunClaimer.supports(scope, request)) {
            PostgresSingleRunClaimer.SettleAndClaimRow row =
                    singleRun.settleAndClaim(session, settlements, scope, request, now);
            return new SettleAndClaimResult(
                    results(session, settlements, row.settled()), row.claimed().stream().toList());
        }
        String settling = PostgresSettlementSql.tables(settlements);
        String sql = sql(settling, scope, request, request.max(), extraCandidates(request));
        Instant until = Timestamps.stored(now.plus(request.leaseFor()));
        Set<UUID> settled = new HashSet<>();
        SqlStatement call = PostgresSettlementSql.bind(session.statement(sql), settlements);
        List<ClaimRow> found = new ArrayList<>();
        bind(call, scope, request, request.max(), now)
                .list(
                        row -> {
                            Optional<List<UUID>> ids = row.optionalIds();
                            return ids.isPresent()
                                    ? settled.addAll(ids.get())
                                    : found.add(found(row, request.owner(), until));
                        });
        List<ClaimedRun> claimed = new ArrayList<>();
        List<ClaimedRun> all =
                addClaims(found, request.max(), claimed)
                        ? claimed
                        : claimRest(
                                session,
                                claimed,
                                scope,
                                request,
                                extraCandidates(request) * 4,
                                now);
        return new SettleAndClaimResult(results(session, settlements, settled), all);
    }

    /** What became of each; those that were not settled are looked at one by one. */
    private List<RunUpdateResult> results(
            SqlSession session, List<Settlement> settlements, Set<UUID> settled)
            throws SQLException {
        List<RunUpdateResult> results = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            RunChange change = settlement.change();
            results.add(
                    settled.contains(change.after().id().value())
                            ? new RunUpdateResult.Advanced(change.after())
                            : updater.update(session, change.before().project(), change));
        }
        return results;
    }

    /** The text of a statement is long, and made once for what it depends on. */
    private String sql(
            String settling, ProjectScope scope, ClaimRequest request, int wanted, int extra) {
        boolean limited = !request.limits().areNone();
        PostgresClaimSql.Limit limit = limit(scope, limited, wanted);
        return statements.computeIfAbsent(
                new StatementKey(settling, RunClaimer.scopeCondition(scope), limited, limit, extra),
                key ->
                        database.sql(
                                limited
                                        ? PostgresClaimSql.claimWithinLimits(scope, limit, extra)
                                        : PostgresClaimSql.claim(settling, scope, limit, extra)));
    }

    /** Takes up what was claimed; whether more cannot be had. */
    private static boolean addClaims(List<ClaimRow> found, int wanted, List<ClaimedRun> claimed) {
        List<RankedClaim> turns =
                found.stream().flatMap(row -> row.turn().stream()).sorted(ORDER).toList();
        turns.forEach(turn -> claimed.add(turn.claimed()));
        return turns.size() == wanted || found.get(0).candidates() == turns.size();
    }

    private static SqlStatement bind(
            SqlStatement call, ProjectScope scope, ClaimRequest request, int wanted, Instant now)
            throws SQLException {
        Instant until = Timestamps.stored(now.plus(request.leaseFor()));
        boolean limited = !request.limits().areNone();
        if (RunClaimer.isSingleProject(scope) && !limited) {
            return RunClaimer.bindScope(call, scope).time(now).text(request.owner()).time(until);
        }
        RunClaimer.bindScope(RunClaimer.bindScope(call, scope), scope);
        call.time(now).time(now).time(now).time(now);
        RunClaimer.bindScope(call, scope).time(now);
        RunClaimer.bindScope(call, scope);
        if (limited) {
            bind(call, request.limits());
        }
        call.time(now).time(now);
        return bind(call, wanted).text(request.owner()).time(until);
    }

    /** A worker claims the same number each time, and has a text for just that. */
    private static PostgresClaimSql.Limit limit(ProjectScope scope, boolean limited, int wanted) {
        return RunClaimer.isSingleProject(scope) && !limited
                ? new PostgresClaimSql.Limit(wanted, true)
                : PostgresClaimSql.Limit.of(wanted);
    }

    private static SqlStatement bind(SqlStatement call, int wanted) throws SQLException {
        return PostgresClaimSql.Limit.of(wanted).isExact() ? call : call.number(wanted);
    }

    private static void bind(SqlStatement call, ConcurrencyLimits limits) throws SQLException {
        List<ProjectId> projects = List.copyOf(limits.projectOverrides().keySet());
        call.numbers(projects.stream().map(ProjectId::value).toList())
                .numbers(projects.stream().map(project -> (long) limits.of(project)).toList())
                .number(limits.perProject().orElse(Integer.MAX_VALUE))
                .number(limits.total().orElse(Integer.MAX_VALUE));
    }

    private static ClaimRow found(ResultRow row, String owner, Instant until) throws SQLException {
        return new ClaimRow(row.number(), turn(row, owner, until));
    }

    private static Optional<RankedClaim> turn(ResultRow row, String owner, Instant until)
            throws SQLException {
        Optional<Long> turn = row.optionalNumber();
        if (turn.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RankedClaim(turn.get(), claimed(row, owner, until)));
    }

    /** A run that was claimed, from its project, token and columns. */
    static ClaimedRun claimed(ResultRow row, String owner, Instant until) throws SQLException {
        ProjectId project = ProjectId.of(row.number());
        long token = row.number();
        Run run = RunColumns.read(project, row);
        return new ClaimedRun(run, new Lease(project, run.id(), owner, token, until));
    }

    @Override
    public Optional<Instant> nextDue(SqlSession session, ProjectScope scope, Instant now)
            throws SQLException {
        SqlStatement call = session.statement(database.sql(PostgresClaimSql.nextDue(scope)));
        RunClaimer.bindScope(RunClaimer.bindScope(RunClaimer.bindScope(call, scope), scope), scope);
        RunClaimer.bindScope(call.time(now), scope);
        return call.findOne(ResultRow::optionalTime).orElseThrow();
    }

    @Override
    public QueueDepth depth(SqlSession session, ProjectScope scope, Instant now)
            throws SQLException {
        SqlStatement call = session.statement(database.sql(PostgresClaimSql.depth(scope)));
        RunClaimer.bindScope(call.time(now), scope);
        RunClaimer.bindScope(call.time(now), scope);
        RunClaimer.bindScope(call.time(now).time(now), scope);
        return call.findOne(RunClaimer::readDepth).orElseThrow();
    }
}
