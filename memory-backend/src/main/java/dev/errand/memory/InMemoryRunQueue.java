package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The queue of all projects' runs. */
final class InMemoryRunQueue implements RunQueue {

    private final Storage storage;

    InMemoryRunQueue(Storage storage) {
        this.storage = storage;
    }

    @Override
    public List<ClaimedRun> claim(ProjectScope scope, ClaimRequest request) {
        synchronized (storage) {
            Instant now = storage.clock.instant();
            return storage.queue.claim(scope, request, now, leaseEnd(now, request.leaseFor()));
        }
    }

    @Override
    public List<Optional<ClaimedRun>> renew(List<Lease> leases, Duration leaseFor) {
        synchronized (storage) {
            Instant until = leaseEnd(storage.clock.instant(), leaseFor);
            return leases.stream().map(lease -> renew(lease, until)).toList();
        }
    }

    private Optional<ClaimedRun> renew(Lease lease, Instant until) {
        Optional<RunData> held = findHeldUnder(lease);
        held.ifPresent(data -> storage.queue.update(data, () -> data.renew(until)));
        return held.map(RunData::renewed);
    }

    @Override
    public boolean release(Lease lease) {
        synchronized (storage) {
            Optional<RunData> held = findHeldUnder(lease);
            held.ifPresent(data -> storage.queue.update(data, data::endLease));
            return held.isPresent();
        }
    }

    private Optional<RunData> findHeldUnder(Lease lease) {
        return find(lease.project(), lease.run()).filter(data -> data.isHeldUnder(lease));
    }

    @Override
    public SettleAndClaimResult settleAndClaim(
            List<Settlement> settlements, ProjectScope scope, ClaimRequest request) {
        synchronized (storage) {
            List<RunUpdateResult> settled =
                    settlements.stream()
                            .map(Settlement::change)
                            .map(change -> storage.update(change.before().run().project(), change))
                            .toList();
            return new SettleAndClaimResult(settled, claim(scope, request));
        }
    }

    @Override
    public Optional<Lease> findLease(ProjectId project, RunId run) {
        synchronized (storage) {
            Instant now = storage.clock.instant();
            return find(project, run)
                    .flatMap(data -> data.lease)
                    .filter(lease -> lease.until().isAfter(now));
        }
    }

    @Override
    public Optional<Instant> nextDue(ProjectScope scope) {
        synchronized (storage) {
            return storage.queue.nextDue(scope, storage.clock.instant());
        }
    }

    @Override
    public QueueDepth depth(ProjectScope scope) {
        synchronized (storage) {
            return storage.queue.depth(scope, storage.clock.instant());
        }
    }

    private Optional<RunData> find(ProjectId project, RunId run) {
        return storage.find(project).map(data -> data.runs.get(run));
    }

    private static Instant leaseEnd(Instant now, Duration leaseFor) {
        return Timestamps.truncate(now.plus(leaseFor));
    }
}
