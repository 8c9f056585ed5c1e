package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.Worker;
import dev.errand.internal.dispatch.PooledRun.Cancellation;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.RunSettler;
import dev.errand.internal.engine.UncaughtErrors;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.spi.PortException;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.StoredRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs the cycles of a worker pool. The pool creates an instance for each start, and one for
 * {@code runOnce()} while it is not started. One cycle
 *
 * <ol>
 *   <li>renews the leases that are due,
 *   <li>cancels handlers, and gives up on those that ignore it,
 *   <li>returns runs to the queue that have waited too long for a handler,
 *   <li>writes all results that are ready, and claims runs in the same transaction,
 *   <li>passes the claimed runs to free handlers.
 * </ol>
 *
 * <p>Cycles are performed by one thread at a time, the writer. Handlers run on the executor. A
 * handler thread continues with the next waiting run without waiting for the writer.
 *
 * <p>Short handlers are free again before the next claim returns. For each handler that took less
 * than a poll interval, one more run is claimed in advance.
 */
final class WorkerCycle {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerCycle.class);

    private final Engine engine;
    private final WorkerPoolOptions options;
    private final RunSettler settler;
    private final LeaseRenewer renewer;
    private final DispatchListeners listeners;
    private final HandlerTable table;
    private final HandlerThreads handlers;
    private final LoopInbox<PooledResult> inbox;

    /** Results that could not be written and are written in the next full cycle. */
    private final List<PooledResult> deferred = new ArrayList<>();

    private volatile boolean isStopping;

    WorkerCycle(Engine engine, WorkerPoolOptions options, Executor executor) {
        this.engine = engine;
        this.options = options;
        this.settler =
                new RunSettler(engine, options.scope(), options.node(), options.leaseDuration());
        this.renewer = new LeaseRenewer(engine, options.leaseDuration());
        this.listeners = new DispatchListeners(options.listeners());
        this.table = new HandlerTable(options.size(), options.prefetch());
        this.inbox = new LoopInbox<>(options.pollInterval());
        this.handlers =
                new HandlerThreads(
                        engine, options, executor, table, inbox, listeners, this::release);
    }

    /** Opens the inbox for the loop. */
    void open() {
        inbox.open();
    }

    /** Ends the loop. */
    void closeInbox() {
        inbox.close();
    }

    /** Performs cycles until the inbox is closed. */
    void loop() throws InterruptedException {
        LoopInbox.Reason reason = inbox.await();
        while (reason != LoopInbox.Reason.CLOSED) {
            try {
                run(reason == LoopInbox.Reason.CHECK_ALL);
            } catch (RuntimeException | Error failure) {
                // Storage may be unavailable for a while. Nothing is lost.
                LOG.warn(
                        "a cycle of worker pool {} failed; it is retried in the next cycle",
                        options.node(),
                        failure);
                UncaughtErrors.report(failure);
            }
            reason = inbox.await();
        }
    }

    /** Returns the number of handlers that are executing. */
    int runningHandlers() {
        return table.busy();
    }

    /**
     * Reads a claimed run again, or looks for runs to claim. If no handler is free, the next one
     * that becomes free wakes the writer.
     */
    void check(RunId run) {
        Optional<PooledRun> claimed = table.find(run);
        claimed.ifPresent(PooledRun::requestRenewal);
        if (claimed.isPresent() || table.claimable(0) > 0) {
            inbox.wake();
        }
    }

    /** Looks for runs to claim, and reads all claimed runs again. */
    void checkAll() {
        table.all().forEach(PooledRun::requestRenewal);
        inbox.requestFullCheck();
    }

    /**
     * Performs a cycle.
     *
     * @param isFull whether the cycle also returns runs that have waited too long for a handler,
     *     and writes results again that could not be written
     * @return the number of claimed runs
     * @throws RuntimeException if storage fails; the next cycle continues
     */
    int run(boolean isFull) {
        Optional<RuntimeException> failure = Optional.empty();
        try {
            supervise();
        } catch (RuntimeException thrown) {
            failure = Optional.of(thrown);
        }
        if (isFull || isStopping) {
            returnWaiting();
        }
        List<PooledResult> results = takeResults(isFull);
        int shortOnes = (int) results.stream().filter(PooledResult::isShort).count();
        int claimed = settleAndClaim(results, isStopping ? 0 : table.claimable(shortOnes));
        if (failure.isPresent()) {
            throw failure.get();
        }
        return claimed;
    }

    /** Performs a full cycle, and writes the results of handlers that returned during it. */
    int runOnce() {
        int claimed = run(true);
        settleAndClaim(takeResults(false), 0);
        return claimed;
    }

    // --- supervision, by the writer

    private void supervise() {
        Instant now = engine.now();
        renewer.renew(
                table.all().stream().filter(each -> each.isRenewalDue(now)).toList(),
                PooledRun::lease,
                this::renewed);
        table.all().forEach(each -> check(each, now));
    }

    private void renewed(PooledRun pooled, Optional<ClaimedRun> renewed) {
        renewed.ifPresentOrElse(
                claimed -> pooled.renewed(claimed, nextRenewal()), () -> leaseLost(pooled));
    }

    private Instant nextRenewal() {
        return engine.now().plus(options.leaseDuration().dividedBy(3));
    }

    private void leaseLost(PooledRun pooled) {
        pooled.cancel(Cancellation.LEASE_LOST, engine.now());
        pooled.conclude();
        if (table.remove(pooled)) {
            LOG.info("the lease on run {} is lost", pooled.run().id());
            listeners.publish(new DispatchEvent.LeaseLost(pooled.current().run()));
            ended(pooled.current().run());
        }
    }

    private void check(PooledRun pooled, Instant now) {
        StoredRun stored = pooled.current().stored();
        if (RunUpdateRules.isStopped(stored)) {
            if (pooled.concludeUnlessBegun()) {
                inbox.add(new PooledResult(pooled, HandlerOutcome.NOT_RETURNED, false));
                return;
            }
            if (mustCancel(pooled.current().entry(), now)) {
                pooled.cancel(Cancellation.STOPPED, now);
            }
        }
        if (pooled.isPastDeadline(now)) {
            pooled.cancel(Cancellation.TIME_LIMIT, now);
        }
        if (pooled.wasCancelledBy(now.minus(options.gracePeriod()))
                && pooled.cancellation().filter(Cancellation.POOL_STOPPED::equals).isEmpty()
                && pooled.conclude()) {
            LOG.warn("the handler of run {} ignores its cancellation", stored.id());
            inbox.add(new PooledResult(pooled, HandlerOutcome.NOT_RETURNED, false));
        }
    }

    /** A handler that has reported the end of its run itself has a grace period to return. */
    private boolean mustCancel(QueueEntry entry, Instant now) {
        boolean isReported = entry.stopReason().equals(Optional.of(StopReason.ENDED));
        return !isReported
                || !now.isBefore(entry.stopRequestedAt().orElseThrow().plus(options.gracePeriod()));
    }

    /** Returns runs to the queue that have waited too long, because another pool may be free. */
    private void returnWaiting() {
        Instant latest = isStopping ? Instant.MAX : engine.now().minus(options.pollInterval());
        for (PooledRun each : table.all()) {
            if (!each.claimedAt().isAfter(latest) && each.concludeUnlessBegun()) {
                release(each);
            }
        }
    }

    private void release(PooledRun pooled) {
        table.remove(pooled);
        try {
            settler.release(pooled.current());
        } catch (RuntimeException failure) {
            LOG.warn(
                    "could not release the lease on run {}; it will expire",
                    pooled.run().id(),
                    failure);
        }
        ended(pooled.current().run());
    }

    private void ended(Run run) {
        listeners.publish(new DispatchEvent.SupervisionEnded(run));
    }

    // --- results and claims, by the writer

    /** Returns the results to write. Results of runs whose lease was lost are dropped. */
    private List<PooledResult> takeResults(boolean includesDeferred) {
        List<PooledResult> results = new ArrayList<>();
        if (includesDeferred) {
            results.addAll(deferred);
            deferred.clear();
        }
        results.addAll(inbox.takeSettlements());
        results.removeIf(each -> !table.contains(each.run()));
        return results;
    }

    private int settleAndClaim(List<PooledResult> results, int max) {
        if (results.isEmpty() && max == 0) {
            return 0;
        }
        Worker.Batch batch;
        try {
            batch = settler.settleAndClaim(results.stream().map(this::change).toList(), max);
        } catch (RuntimeException failure) {
            if (results.isEmpty()) {
                throw failure;
            }
            settleAlone(results, failure);
            return 0;
        }
        for (int i = 0; i < results.size(); i++) {
            settled(results.get(i).run(), batch.settled().get(i));
        }
        batch.claimed().forEach(this::add);
        handlers.assign();
        return batch.claimed().size();
    }

    /**
     * Writes each result alone, so that none prevents the others. If the storage is unavailable,
     * all are written later: each attempt would wait as long as the first.
     */
    private void settleAlone(List<PooledResult> results, RuntimeException failure) {
        if (results.size() == 1 || isRetryable(failure)) {
            results.forEach(each -> defer(each, failure));
            return;
        }
        LOG.warn(
                "could not write {} results together; writing each alone", results.size(), failure);
        for (PooledResult each : results) {
            try {
                settled(
                        each.run(),
                        settler.settleAndClaim(List.of(change(each)), 0).settled().get(0));
            } catch (RuntimeException alone) {
                defer(each, alone);
            }
        }
    }

    /** A result that the storage or the rules do not accept is replaced by a failure of the run. */
    private void defer(PooledResult result, RuntimeException failure) {
        boolean isRetryable = isRetryable(failure);
        LOG.warn(
                isRetryable
                        ? "could not write the result of run {}; it is written later"
                        : "could not write the result of run {}; the run fails",
                result.run().run().id(),
                failure);
        deferred.add(
                isRetryable
                        ? result
                        : new PooledResult(result.run(), HandlerOutcome.threw(failure), false));
    }

    private RunSettler.FinalChange change(PooledResult result) {
        return new RunSettler.FinalChange(
                result.run().current(),
                run ->
                        result.outcome()
                                .applyTo(
                                        run,
                                        result.run().cancellation(),
                                        engine.options().statusPolicy(),
                                        engine.now()));
    }

    private static boolean isRetryable(RuntimeException failure) {
        return failure instanceof PortException fault && fault.isRetryable();
    }

    private void settled(PooledRun pooled, Worker.Outcome outcome) {
        if (outcome instanceof Worker.Outcome.Recorded recorded) {
            table.remove(pooled);
            ended(recorded.run());
        } else {
            leaseLost(pooled);
        }
    }

    private void add(ClaimedRun claimed) {
        // After a pause longer than a lease, the pool may claim a run that it still executes.
        table.find(claimed.run().id()).ifPresent(this::leaseLost);
        listeners.publish(new DispatchEvent.Claimed(claimed.run()));
        table.add(new PooledRun(claimed, engine.now(), nextRenewal()));
    }

    // --- stop

    /** Claims nothing more, and passes no more runs to handlers. */
    void beginStop() {
        isStopping = true;
        table.stopAssigning();
        inbox.wake();
    }

    /** Waits for handlers; cancels those that take longer than the grace period. */
    void awaitHandlers() throws InterruptedException {
        if (!table.awaitIdle(options.gracePeriod())) {
            Instant now = engine.now();
            table.all().forEach(each -> each.cancel(Cancellation.POOL_STOPPED, now));
            if (!table.awaitIdle(options.gracePeriod())) {
                LOG.warn(
                        "{} handlers of worker pool {} ignore their cancellation; the leases on"
                                + " their runs will expire",
                        table.busy(),
                        options.node());
            }
        }
    }

    /** Writes the remaining results, and returns runs that were not begun to the queue. */
    void finish() {
        try {
            run(true);
            run(true); // What could not be written together was deferred.
        } catch (RuntimeException failure) {
            LOG.warn("worker pool {} could not write its last results", options.node(), failure);
        }
        for (PooledRun each : table.all()) {
            each.conclude();
            if (table.remove(each)) {
                ended(each.current().run());
            }
        }
    }
}
