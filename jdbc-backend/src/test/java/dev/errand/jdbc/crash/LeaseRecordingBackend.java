package dev.errand.jdbc.crash;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.store.HostTransaction;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SecretStore;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.StoredResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.task.TaskId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A backend that records the life of each lease in a journal, with the time of the database. A
 * start is recorded after it happened, and an end before it happens. Each lease was therefore live
 * at least as long as recorded, and two leases that overlap in the journal did overlap.
 */
final class LeaseRecordingBackend implements Backend {

    /** A lease was acquired: run, token, expiry, time. */
    static final String CLAIMED = "claimed";

    /** A lease was renewed: run, token, expiry, time. */
    static final String RENEWED = "renewed";

    /** A lease is about to be released: run, token, expiry, time. */
    static final String ENDING = "ending";

    /** A change under a lease was applied: run, token, expiry, time before the request. */
    static final String WROTE = "wrote";

    private final Backend backend;
    private final Journal journal;
    private final Supplier<Instant> time;

    LeaseRecordingBackend(Backend backend, Journal journal, Supplier<Instant> time) {
        this.backend = backend;
        this.journal = journal;
        this.time = time;
    }

    private void record(String what, Lease lease, Instant at) {
        journal.write(
                List.of(
                        what,
                        lease.run().toString(),
                        Long.toString(lease.token()),
                        lease.until().toString(),
                        at.toString()));
    }

    @Override
    public RunQueue queue() {
        RunQueue queue = backend.queue();
        return new RunQueue() {
            @Override
            public List<ClaimedRun> claim(ProjectScope scope, ClaimRequest request) {
                return began(queue.claim(scope, request));
            }

            private List<ClaimedRun> began(List<ClaimedRun> claimed) {
                if (!claimed.isEmpty()) {
                    Instant at = time.get();
                    claimed.forEach(each -> record(CLAIMED, each.lease(), at));
                }
                return claimed;
            }

            @Override
            public List<Optional<ClaimedRun>> renew(List<Lease> leases, Duration leaseFor) {
                List<Optional<ClaimedRun>> renewed = queue.renew(leases, leaseFor);
                renewed.forEach(
                        one -> one.ifPresent(each -> record(RENEWED, each.lease(), time.get())));
                return renewed;
            }

            @Override
            public boolean release(Lease lease) {
                record(ENDING, lease, time.get());
                return queue.release(lease);
            }

            @Override
            public SettleAndClaimResult settleAndClaim(
                    List<Settlement> settlements, ProjectScope scope, ClaimRequest request) {
                Instant before = ending(settlements);
                SettleAndClaimResult result = queue.settleAndClaim(settlements, scope, request);
                wrote(settlements, result.settled(), before);
                began(result.claimed());
                return result;
            }

            private Instant ending(List<Settlement> settlements) {
                Instant before = time.get();
                settlements.forEach(each -> record(ENDING, leaseOf(each), before));
                return before;
            }

            private void wrote(
                    List<Settlement> settlements, List<RunUpdateResult> answers, Instant before) {
                for (int i = 0; i < settlements.size(); i++) {
                    if (answers.get(i) instanceof RunUpdateResult.Updated) {
                        record(WROTE, leaseOf(settlements.get(i)), before);
                    }
                }
            }

            private static Lease leaseOf(Settlement settlement) {
                return settlement.change().lease().orElseThrow();
            }

            @Override
            public Optional<Lease> findLease(ProjectId project, RunId run) {
                return queue.findLease(project, run);
            }

            @Override
            public Optional<Instant> nextDue(ProjectScope scope) {
                return queue.nextDue(scope);
            }

            @Override
            public QueueDepth depth(ProjectScope scope) {
                return queue.depth(scope);
            }
        };
    }

    @Override
    public RunStore runs() {
        RunStore runs = backend.runs();
        return new RunStore() {
            @Override
            public RunUpdateResult update(ProjectId project, RunChange change) {
                if (change.lease().isEmpty()) {
                    return runs.update(project, change);
                }
                Lease lease = change.lease().get();
                Instant before = time.get();
                if (change.releasesLease() || change.after().entry().isEmpty()) {
                    record(ENDING, lease, before);
                }
                RunUpdateResult answer = runs.update(project, change);
                if (answer instanceof RunUpdateResult.Updated) {
                    record(WROTE, lease, before);
                }
                return answer;
            }

            @Override
            public RunInsertResult insert(
                    ProjectId project, NewRun run, Optional<Idempotency> key) {
                return runs.insert(project, run, key);
            }

            @Override
            public Optional<StoredRun> find(ProjectId project, TaskId task, RunId run) {
                return runs.find(project, task, run);
            }

            @Override
            public Optional<StoredRun> findIncludingDeleted(
                    ProjectId project, TaskId task, RunId run) {
                return runs.findIncludingDeleted(project, task, run);
            }

            @Override
            public Optional<StoredResult> findStoredResult(ProjectId project, Idempotency key) {
                return runs.findStoredResult(project, key);
            }

            @Override
            public Page<Run> list(ProjectId project, TaskId task, PageRequest page) {
                return runs.list(project, task, page);
            }

            @Override
            public List<StoredRun> listOpen(ProjectId project, TaskId task) {
                return runs.listOpen(project, task);
            }
        };
    }

    @Override
    public TaskStore tasks() {
        return backend.tasks();
    }

    @Override
    public StagingStore staging() {
        return backend.staging();
    }

    @Override
    public RunLog log() {
        return backend.log();
    }

    @Override
    public ConversationStore conversations() {
        return backend.conversations();
    }

    @Override
    public SecretStore secrets() {
        return backend.secrets();
    }

    @Override
    public Optional<HostTransaction> hostTransaction() {
        return backend.hostTransaction();
    }

    @Override
    public RetentionStore retention() {
        return backend.retention();
    }

    @Override
    public Clock clock() {
        return backend.clock();
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return backend.capabilities();
    }

    @Override
    public void close() throws PortException {
        backend.close();
    }
}
