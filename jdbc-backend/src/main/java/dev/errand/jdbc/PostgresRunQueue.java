package dev.errand.jdbc;

import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
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
 * <p>Claims with limits are serialized by a lock until the end of their transaction. The statement
 * that counts begins when the previous claim has committed, so that it sees it under READ
 * COMMITTED.
 */
final class PostgresRunQueue extends JdbcRunQueue {

    /** The number of candidates of each lane beyond the wanted runs, since others may be locked. */
    private static final int EXTRA_CANDIDATES = 16;

    private static final int MAX_ATTEMPTS = 5;

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

    private final RunUpdater updater;
    private final QueueMarks marks;
    private final ScanSchedule schedule;
    private volatile QueueScan.Result lastScan = QueueScan.Result.EMPTY;

    PostgresRunQueue(Database database, RunUpdater updater, Clock clock, QueueMarks marks) {
        super(database, clock);
        this.updater = updater;
        this.marks = marks;
        this.schedule = new ScanSchedule(clock);
    }

    /** Called when another node signalled a change, before dispatchers are woken. */
    void signalled() {
        schedule.endPause();
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
        } catch (PortException e) {
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
        QueueScan.Result result = database.read(PORT, session -> QueueScan.scan(session, now));
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
                RunChange change = settlements.get(i).change();
                database.afterCommit(() -> marks.updated(change));
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
                                PostgresQueueSql.bind(
                                                session.statement(PostgresQueueSql.SETTLE),
                                                settlements)
                                        .list(row -> row.id("id"))));
    }

    /**
     * Returns the result of each settlement. Those that were not settled together are settled one
     * by one, which shows why one is rejected.
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
                        PostgresQueueSql.bind(
                                        session.statement(PostgresQueueSql.CLAIM_IN_PROJECT),
                                        project,
                                        start,
                                        request,
                                        now)
                                .list(row -> claimed.add(readRanked(row, 0)));
                    } else {
                        Set<UUID> settled = new HashSet<>();
                        SqlStatement statement =
                                PostgresQueueSql.bind(
                                        session.statement(
                                                PostgresQueueSql.SETTLE_AND_CLAIM_IN_PROJECT),
                                        settlements);
                        PostgresQueueSql.bind(statement, project, start, request, now)
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
        FreeSlots free = FreeSlots.unlimited();
        return settlements.isEmpty()
                ? database.execute(
                        PORT, session -> claimInTurn(session, List.of(), start, free, request, now))
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
        // Not in the transaction: the clock may need a connection of its own.
        Instant now = now();
        Claim claim =
                database.inTransaction(
                        PORT,
                        session -> {
                            List<RunUpdateResult> settled = settle(session, settlements);
                            session.statement(PostgresQueueSql.LOCK_CLAIMS).list(row -> row);
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
                    PostgresQueueSql.bind(
                                    session.statement(PostgresQueueSql.CLAIM_IN_TURN),
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
            found.stream()
                    .filter(run -> !run.started())
                    .forEach(run -> free.take(run.claimed().run().project()));
            extra *= 4; // Others hold some candidates: consider more.
        }
        return new Claim(settled, claimed, false);
    }

    private static boolean isClaimed(Row row) throws SQLException {
        return row.optionalId("id").isPresent();
    }

    private static RankedRun readRanked(Row row, long turn) throws SQLException {
        boolean isStarted = row.flag("started"); // A waiting run is, if it has an expired lease.
        return new RankedRun(readClaimed(row, isStarted), isStarted, turn);
    }

    private static List<ClaimedRun> sorted(List<RankedRun> runs, Comparator<RankedRun> order) {
        return runs.stream().sorted(order).map(RankedRun::claimed).toList();
    }

    @Override
    public List<Optional<ClaimedRun>> renew(List<Lease> leases, Duration leaseFor) {
        if (leases.isEmpty()) {
            return List.of();
        }
        Instant until = leaseEnd(now(), leaseFor);
        Map<QueueMarks.RunKey, ClaimedRun> renewed = new HashMap<>();
        database.execute(PORT, session -> renew(session, leases, until))
                .forEach(each -> renewed.put(QueueMarks.RunKey.of(each.lease()), each));
        renewed.values().forEach(each -> marks.leased(each.lease()));
        return leases.stream()
                .map(lease -> Optional.ofNullable(renewed.get(QueueMarks.RunKey.of(lease))))
                .toList();
    }

    private static List<ClaimedRun> renew(SqlSession session, List<Lease> leases, Instant until)
            throws SQLException {
        RowBatch rows = new RowBatch("bigint", "uuid", "bigint");
        for (Lease lease : leases.stream().sorted(LOCK_ORDER).toList()) {
            rows.project(lease.project()).id(lease.run().value()).number(lease.token()).endRow();
        }
        return rows.bind(session.statement(PostgresQueueSql.RENEW).time(until))
                .list(row -> readClaimed(row, false));
    }

    @Override
    public boolean release(Lease lease) {
        Optional<QueueEntry> entry =
                database.execute(
                        PORT,
                        session ->
                                session.statement(PostgresQueueSql.RELEASE)
                                        .project(lease.project())
                                        .id(lease.run().value())
                                        .number(lease.token())
                                        .findOne(QueueColumns::read));
        entry.ifPresent(released -> database.afterCommit(() -> marks.released(lease, released)));
        return entry.isPresent();
    }
}
