package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.ConcurrencyLimits;
import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.dispatch.QueueDepth;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.dispatch.SettleAndClaimResult;
import dev.errand.spi.dispatch.Settlement;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunUpdateResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The queue: the lease stands in the run's own row, beside what the executor owes. */
final class JdbcRunQueue implements RunQueue {

    private static final String PORT = "RunQueue";

    private final Database database;
    private final Clock clock;
    private final RunClaims claims;
    private final String renew;
    private final PostgresRenewals renewals;
    private final String release;
    private final String findLease;

    JdbcRunQueue(Database database, RunChanges changes, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.claims =
                switch (database.dialect()) {
                    case POSTGRESQL -> new PostgresClaims(database, changes);
                    case H2 -> new H2Claims(database, changes);
                };
        renew =
                database.sql(
                        database.dialect()
                                .changed(
                                        """
                                        update errand_run set lease_until = ?
                                        where project_id = ? and id = ?
                                            and lease_owner is not null and lease_token = ?""",
                                        "lease_owner, " + RunColumns.READ));
        renewals = new PostgresRenewals(database);
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
        return inOneStep(
                claims.needsTransaction(request.limits()),
                session -> claims.claim(session, scope, request, now));
    }

    private List<RunUpdateResult> settle(List<Settlement> settlements) {
        return settlements.isEmpty()
                ? List.of()
                : inOneStep(
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
        return inOneStep(
                claims.needsTransaction(scope, request.limits()),
                session -> claims.settleAndClaim(session, settlements, scope, request, now));
    }

    private <T> T inOneStep(boolean needsTransaction, Database.Step<T> step) {
        return needsTransaction ? database.together(PORT, step) : database.once(PORT, step);
    }

    private Optional<ClaimedRun> renew(Lease lease, Duration leaseFor) {
        ProjectId project = lease.project();
        Instant until = Timestamps.truncate(clock.instant().plus(leaseFor));
        return database.once(
                PORT,
                session ->
                        session.call(renew)
                                .time(until)
                                .project(project)
                                .id(lease.run().value())
                                .number(lease.token())
                                .one(
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

    /** One statement; H2 is embedded, has no round trips to save, and is asked one by one. */
    @Override
    public List<Optional<ClaimedRun>> renew(List<Lease> leases, Duration leaseFor) {
        if (leases.size() < 2 || database.dialect() != Dialect.POSTGRESQL) {
            return leases.stream().map(lease -> renew(lease, leaseFor)).toList();
        }
        Instant until = Timestamps.truncate(clock.instant().plus(leaseFor));
        Map<Map.Entry<ProjectId, RunId>, ClaimedRun> renewed = new HashMap<>();
        database.once(PORT, session -> renewals.renew(session, leases, until))
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
        return database.once(
                PORT,
                session ->
                        session.call(release)
                                .project(lease.project())
                                .id(lease.run().value())
                                .number(lease.token())
                                .execute());
    }

    @Override
    public Optional<Lease> findLease(ProjectId project, RunId run) {
        Instant now = now();
        return database.reading(
                PORT,
                session ->
                        session.call(findLease)
                                .project(project)
                                .id(run.value())
                                .time(now)
                                .one(
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
        return database.reading(PORT, session -> claims.nextDue(session, scope, now));
    }

    @Override
    public QueueDepth depth(ProjectScope scope) {
        Instant now = now();
        return database.reading(PORT, session -> claims.depth(session, scope, now));
    }

    private Instant now() {
        return Timestamps.truncate(clock.instant());
    }
}
