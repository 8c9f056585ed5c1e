package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The run queue. The lease is part of the run's row. */
final class JdbcRunQueue implements RunQueue {

    private static final String PORT = "RunQueue";

    private final Database database;
    private final Clock clock;
    private final RunClaimer claims;
    private final String renew;
    private final PostgresLeaseRenewer renewals;
    private final String release;
    private final String findLease;

    JdbcRunQueue(Database database, RunUpdater updater, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.claims =
                switch (database.dialect()) {
                    case POSTGRESQL -> new PostgresRunClaimer(database, updater);
                    case H2 -> new H2RunClaimer(database, updater);
                };
        renew =
                database.sql(
                        database.dialect()
                                .returning(
                                        """
                                        update errand_run set lease_until = ?
                                        where project_id = ? and id = ?
                                            and lease_owner is not null and lease_token = ?""",
                                        "lease_owner, " + RunColumns.COLUMNS));
        renewals = new PostgresLeaseRenewer(database);
        release =
                database.sql(
                        """
                        update errand_run set lease_owner = null, lease_until = null
                        where project_id = ? and id = ?
                            and lease_owner is not null and lease_token = ?""");
        findLease =
                database.sql(
                        """
                        select lease_owner, lease_token, lease_until from errand_run
                        where project_id = ? and id = ? and lease_until > ?""");
    }

    @Override
    public List<ClaimedRun> claim(ProjectScope scope, ClaimRequest request) {
        if (request.max() == 0) {
            return List.of();
        }
        Instant now = now();
        return execute(
                claims.needsTransaction(request.limits()),
                session -> claims.claim(session, scope, request, now));
    }

    private List<RunUpdateResult> settle(List<Settlement> settlements) {
        return settlements.isEmpty()
                ? List.of()
                : execute(
                        claims.needsTransaction(ConcurrencyLimits.NONE),
                        session -> claims.settle(session, settlements));
    }

    @Override
    public SettleAndClaimResult settleAndClaim(
            List<Settlement> settlements, ProjectScope scope, ClaimRequest request) {
        if (request.max() == 0) {
            return new SettleAndClaimResult(settle(settlements), List.of());
        }
        if (settlements.isEmpty()) {
            return new SettleAndClaimResult(List.of(), claim(scope, request));
        }
        Instant now = now();
        return execute(
                claims.needsTransaction(scope, request.limits()),
                session -> claims.settleAndClaim(session, settlements, scope, request, now));
    }

    private <T> T execute(boolean needsTransaction, Database.Operation<T> step) {
        return needsTransaction ? database.inTransaction(PORT, step) : database.execute(PORT, step);
    }

    private Optional<ClaimedRun> renew(Lease lease, Duration leaseFor) {
        ProjectId project = lease.project();
        Instant until = Timestamps.truncate(clock.instant().plus(leaseFor));
        return database.execute(
                PORT,
                session ->
                        session.statement(renew)
                                .time(until)
                                .project(project)
                                .id(lease.run().value())
                                .number(lease.token())
                                .findOne(
                                        row -> {
                                            String owner = row.text();
                                            Run run = RunColumns.read(project, row);
                                            return new ClaimedRun(
                                                    run,
                                                    new Lease(
                                                            project,
                                                            run.id(),
                                                            owner,
                                                            lease.token(),
                                                            until));
                                        }));
    }

    /**
     * Renews all leases in one statement on PostgreSQL. H2 is embedded, so that single statements
     * cost no round trips.
     */
    @Override
    public List<Optional<ClaimedRun>> renew(List<Lease> leases, Duration leaseFor) {
        if (leases.size() < 2 || database.dialect() != Dialect.POSTGRESQL) {
            return leases.stream().map(lease -> renew(lease, leaseFor)).toList();
        }
        Instant until = Timestamps.truncate(clock.instant().plus(leaseFor));
        Map<Map.Entry<ProjectId, RunId>, ClaimedRun> renewed = new HashMap<>();
        database.execute(PORT, session -> renewals.renew(session, leases, until))
                .forEach(one -> renewed.put(Map.entry(one.run().project(), one.run().id()), one));
        return leases.stream()
                .map(
                        lease ->
                                Optional.ofNullable(
                                        renewed.get(Map.entry(lease.project(), lease.run()))))
                .toList();
    }

    @Override
    public boolean release(Lease lease) {
        return database.execute(
                PORT,
                session ->
                        session.statement(release)
                                .project(lease.project())
                                .id(lease.run().value())
                                .number(lease.token())
                                .updateOne());
    }

    @Override
    public Optional<Lease> findLease(ProjectId project, RunId run) {
        Instant now = now();
        return database.read(
                PORT,
                session ->
                        session.statement(findLease)
                                .project(project)
                                .id(run.value())
                                .time(now)
                                .findOne(
                                        row ->
                                                new Lease(
                                                        project,
                                                        run,
                                                        row.text(),
                                                        row.number(),
                                                        row.time())));
    }

    @Override
    public Optional<Instant> nextDue(ProjectScope scope) {
        Instant now = now();
        return database.read(PORT, session -> claims.nextDue(session, scope, now));
    }

    @Override
    public QueueDepth depth(ProjectScope scope) {
        Instant now = now();
        return database.read(PORT, session -> claims.depth(session, scope, now));
    }

    private Instant now() {
        return Timestamps.truncate(clock.instant());
    }
}
