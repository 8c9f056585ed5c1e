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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Claims runs on PostgreSQL, any number in one statement.
 *
 * <p>The statement finds the projects with waiting runs by stepping through an index, from project
 * to project and from priority to priority, and reads the first few runs of each along the same
 * index. The cost therefore depends on the number of projects, not on the number of runs. Other
 * candidates are the first few runs with an expired lease, and the first few started runs without a
 * lease. Candidates are locked in the order in which they are chosen, and those locked by another
 * claim are skipped, so it reads a few more candidates than wanted.
 *
 * <p>Claims with limits are serialized by a lock that is held until the transaction ends: the
 * statement that counts must begin after the previous claim has committed, so that it sees it under
 * READ COMMITTED.
 */
final class PostgresRunClaimer implements RunClaimer {

    /** The least number of additional candidates per project in the first attempt. */
    private static final int MIN_EXTRA_CANDIDATES = 8;

    /**
     * The greatest number of additional candidates in the first attempt, unless later attempts need
     * more.
     */
    private static final int MAX_EXTRA_CANDIDATES = 64;

    private static final int MAX_ATTEMPTS = 5;

    /** Serializes claims of the tables with this prefix. */
    private static final String LOCK_CLAIMS =
            "select pg_advisory_xact_lock(hashtextextended('errand_run', 0))";

    private static final String SETTLE = "with %s select id from settled";

    private static final Comparator<RankedClaim> ORDER =
            Comparator.comparingLong(RankedClaim::rank)
                    .thenComparing(RankedClaim::dueAt)
                    .thenComparing(claim -> claim.claimed().run().id());

    /** A claimed run and its rank among the runs of its project. */
    private record RankedClaim(long rank, ClaimedRun claimed) {
        Instant dueAt() {
            return claimed.run().dispatch().dueAt().orElseThrow();
        }
    }

    /** A row of the result, without a run if nothing could be claimed. */
    private record ClaimRow(long candidates, Optional<RankedClaim> claim) {}

    /** The properties that determine the text of a statement. */
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
        return !limits.isUnlimited();
    }

    /**
     * A claim sees the state at the beginning of its statement. It notices runs that others have
     * claimed since then only when it locks them, and their owners could not settle them until this
     * transaction commits. With several projects, where many nodes claim, settling and claiming are
     * therefore separate statements.
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
        if (!request.limits().isUnlimited()) {
            session.statement(database.sql(LOCK_CLAIMS)).list(row -> row);
        }
        return claimRest(session, new ArrayList<>(), scope, request, extraCandidates(request), now);
    }

    private static int extraCandidates(ClaimRequest request) {
        int most = PostgresClaimSql.Limit.of(request.max()).bound();
        return Math.max(MIN_EXTRA_CANDIDATES, Math.min(3 * most, MAX_EXTRA_CANDIDATES));
    }

    /**
     * Claims runs until there are enough or no candidates are left, in a bounded number of
     * attempts.
     */
    private List<ClaimedRun> claimRest(
            SqlSession session,
            List<ClaimedRun> claimed,
            ProjectScope scope,
            ClaimRequest request,
            int firstExtra,
            Instant now)
            throws SQLException {
        Instant until = Timestamps.truncate(now.plus(request.leaseFor()));
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
            extra *= 4; // Others hold some candidates: consider more.
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
        Instant until = Timestamps.truncate(now.plus(request.leaseFor()));
        Set<UUID> settled = new HashSet<>();
        SqlStatement statement = PostgresSettlementSql.bind(session.statement(sql), settlements);
        List<ClaimRow> found = new ArrayList<>();
        bind(statement, scope, request, request.max(), now)
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

    /**
     * Returns the result of each settlement. Those that were not settled are checked one by one.
     */
    private List<RunUpdateResult> results(
            SqlSession session, List<Settlement> settlements, Set<UUID> settled)
            throws SQLException {
        List<RunUpdateResult> results = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            RunChange change = settlement.change();
            results.add(
                    settled.contains(change.after().id().value())
                            ? new RunUpdateResult.Updated(change.after())
                            : updater.update(session, change.before().project(), change));
        }
        return results;
    }

    /** Returns the text of a statement, which is built once for each key. */
    private String sql(
            String settling, ProjectScope scope, ClaimRequest request, int wanted, int extra) {
        boolean limited = !request.limits().isUnlimited();
        PostgresClaimSql.Limit limit = limit(scope, limited, wanted);
        return statements.computeIfAbsent(
                new StatementKey(settling, RunClaimer.scopeCondition(scope), limited, limit, extra),
                key ->
                        database.sql(
                                limited
                                        ? PostgresClaimSql.claimWithinLimits(scope, limit, extra)
                                        : PostgresClaimSql.claim(settling, scope, limit, extra)));
    }

    /** Adds the claimed runs, and returns whether another attempt would find no more. */
    private static boolean addClaims(List<ClaimRow> found, int wanted, List<ClaimedRun> claimed) {
        List<RankedClaim> ranked =
                found.stream().flatMap(row -> row.claim().stream()).sorted(ORDER).toList();
        ranked.forEach(claim -> claimed.add(claim.claimed()));
        return ranked.size() == wanted || found.get(0).candidates() == ranked.size();
    }

    private static SqlStatement bind(
            SqlStatement statement,
            ProjectScope scope,
            ClaimRequest request,
            int wanted,
            Instant now)
            throws SQLException {
        Instant until = Timestamps.truncate(now.plus(request.leaseFor()));
        boolean limited = !request.limits().isUnlimited();
        if (RunClaimer.isSingleProject(scope) && !limited) {
            return RunClaimer.bindScope(statement, scope)
                    .time(now)
                    .text(request.owner())
                    .time(until);
        }
        RunClaimer.bindScope(RunClaimer.bindScope(statement, scope), scope);
        statement.time(now).time(now).time(now).time(now);
        RunClaimer.bindScope(statement, scope).time(now);
        RunClaimer.bindScope(statement, scope);
        if (limited) {
            bind(statement, request.limits());
        }
        statement.time(now).time(now);
        return bind(statement, wanted).text(request.owner()).time(until);
    }

    /** A worker always claims the same number, so that an exact limit produces only one text. */
    private static PostgresClaimSql.Limit limit(ProjectScope scope, boolean limited, int wanted) {
        return RunClaimer.isSingleProject(scope) && !limited
                ? new PostgresClaimSql.Limit(wanted, true)
                : PostgresClaimSql.Limit.of(wanted);
    }

    private static SqlStatement bind(SqlStatement statement, int wanted) throws SQLException {
        return PostgresClaimSql.Limit.of(wanted).isExact() ? statement : statement.number(wanted);
    }

    private static void bind(SqlStatement statement, ConcurrencyLimits limits) throws SQLException {
        List<ProjectId> projects = List.copyOf(limits.projectOverrides().keySet());
        statement
                .numbers(projects.stream().map(ProjectId::value).toList())
                .numbers(
                        projects.stream()
                                .map(project -> (long) limits.forProject(project))
                                .toList())
                .number(limits.perProject().orElse(Integer.MAX_VALUE))
                .number(limits.total().orElse(Integer.MAX_VALUE));
    }

    private static ClaimRow found(ResultRow row, String owner, Instant until) throws SQLException {
        return new ClaimRow(row.number(), readRank(row, owner, until));
    }

    private static Optional<RankedClaim> readRank(ResultRow row, String owner, Instant until)
            throws SQLException {
        Optional<Long> rank = row.optionalNumber();
        if (rank.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RankedClaim(rank.get(), claimed(row, owner, until)));
    }

    /** Reads a claimed run: project, token, and run columns. */
    static ClaimedRun claimed(ResultRow row, String owner, Instant until) throws SQLException {
        ProjectId project = ProjectId.of(row.number());
        long token = row.number();
        Run run = RunColumns.read(project, row);
        return new ClaimedRun(run, new Lease(project, run.id(), owner, token, until));
    }

    @Override
    public Optional<Instant> nextDue(SqlSession session, ProjectScope scope, Instant now)
            throws SQLException {
        SqlStatement statement = session.statement(database.sql(PostgresClaimSql.nextDue(scope)));
        RunClaimer.bindScope(
                RunClaimer.bindScope(RunClaimer.bindScope(statement, scope), scope), scope);
        RunClaimer.bindScope(statement.time(now), scope);
        return statement.findOne(ResultRow::optionalTime).orElseThrow();
    }

    @Override
    public QueueDepth depth(SqlSession session, ProjectScope scope, Instant now)
            throws SQLException {
        SqlStatement statement = session.statement(database.sql(PostgresClaimSql.depth(scope)));
        RunClaimer.bindScope(statement.time(now), scope);
        RunClaimer.bindScope(statement.time(now), scope);
        RunClaimer.bindScope(statement.time(now).time(now), scope);
        return statement.findOne(RunClaimer::readDepth).orElseThrow();
    }
}
