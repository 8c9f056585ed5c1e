package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunUpdateResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatch algorithm. One cycle
 *
 * <ol>
 *   <li>renews the leases that are due,
 *   <li>abandons threads that are stuck in a launcher call or another step,
 *   <li>checks runs,
 *   <li>puts runs that have waited too long for a slot back into the queue,
 *   <li>writes the final changes that were decided, and claims runs in the same transaction,
 *   <li>starts to work on the claimed runs that get a slot.
 * </ol>
 *
 * <p>Runs are checked on the thread that calls {@code runOnce()}, or on the executor of a started
 * dispatcher; the algorithm is the same. Thread-safe.
 *
 * <p>If sandboxes end during their launch, slots are free again before the next claim returns. For
 * each such sandbox, one more run is claimed in advance, at most 7 per slot; it waits for a slot
 * for at most a poll interval. Under concurrency limits no run is claimed in advance: a claimed run
 * counts against the limits, and could keep another node from a run for which it has a free slot.
 */
final class DispatchCycle {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchCycle.class);

    /** Maximum number of runs that are claimed in advance, per slot. */
    private static final int CLAIMS_AHEAD = 7;

    private final Engine engine;
    private final DispatchOptions options;
    private final SlotTable slots;
    private final LoopInbox<PendingSettlement> inbox;
    private final QueueClient queue;
    private final LeaseRenewer renewer;
    private final LeasedWriter writer;
    private final RunSupervisor supervisor;
    private final DispatchListeners listeners;
    private volatile Executor executor = Runnable::run;
    private volatile boolean isClaimingEnabled = true;

    DispatchCycle(
            Engine engine,
            DispatchOptions options,
            SlotTable slots,
            LoopInbox<PendingSettlement> inbox,
            LeasedWriter writer,
            RunSupervisor supervisor,
            DispatchListeners listeners) {
        this.engine = engine;
        this.options = options;
        this.slots = slots;
        this.inbox = inbox;
        this.queue = new QueueClient(engine, options);
        this.renewer = new LeaseRenewer(engine, options.leaseDuration());
        this.writer = writer;
        this.supervisor = supervisor;
        this.listeners = listeners;
    }

    /** Sets the executor that works on runs. */
    void useExecutor(Executor other) {
        executor = other;
    }

    /** Sets whether runs are claimed and get slots. */
    void setClaimingEnabled(boolean value) {
        isClaimingEnabled = value;
    }

    /**
     * Performs a cycle.
     *
     * @param checksAll whether all runs are checked, and not only those that requested it
     * @throws RuntimeException if storage fails; the next cycle continues
     */
    void run(boolean checksAll) {
        List<LeasedRun> runs =
                slots.all().stream().filter(run -> run.takeCheckRequest() || checksAll).toList();
        Optional<RuntimeException> failure = Optional.empty();
        if (checksAll && supervisor.hasUndecided()) {
            execute(supervisor::checkUndecided);
        }
        try {
            superviseAll(runs);
            returnWaiting();
        } catch (RuntimeException thrown) {
            // Check these runs in the next cycle, even if it is not a full one. A check now could
            // fail again.
            runs.forEach(LeasedRun::requestCheck);
            failure = Optional.of(thrown);
        }
        try {
            settleAndClaim();
        } catch (RuntimeException thrown) {
            failure.ifPresent(thrown::addSuppressed);
            throw thrown;
        }
        failure.ifPresent(
                thrown -> {
                    throw thrown;
                });
    }

    /** Writes the final changes that were decided, and claims nothing. */
    void settle() {
        List<PendingSettlement> settlements = inbox.takeSettlements();
        while (!settlements.isEmpty()) {
            settleAndClaim(settlements, 0);
            settlements = inbox.takeSettlements();
        }
    }

    /** Writes the final changes that were decided, and releases all leases. */
    void releaseAll() {
        settle();
        for (LeasedRun run : slots.all()) {
            abandonThread(run);
            writer.release(run);
            remove(run);
        }
    }

    private void superviseAll(List<LeasedRun> runs) {
        List<LeasedRun> stuck = runs.stream().filter(supervisor::isStuck).toList();
        renewer.renew(
                runs.stream()
                        .filter(run -> run.isRenewalDue(engine.now()) && !stuck.contains(run))
                        .toList(),
                LeasedRun::lease,
                this::renewed);
        for (LeasedRun run : stuck) {
            guarded(run, () -> abandon(run));
        }
        for (LeasedRun run : runs) {
            // A run whose supervision has ended is only removed.
            if (run.occupiesSlot() || run.hasSupervisionEnded()) {
                execute(() -> checkOnThisThread(run));
            }
        }
    }

    private void renewed(LeasedRun run, Optional<ClaimedRun> renewed) {
        renewed.ifPresentOrElse(
                claimed -> run.renewed(claimed, QueueClient.nextRenewal(engine.now(), options)),
                () -> RunMdc.within(run.run(), () -> writer.leaseLost(run)));
    }

    /**
     * Puts runs that have waited for a slot for a poll interval back into the queue, because
     * another dispatcher may have a free one. Puts back all waiting runs if claiming is disabled.
     */
    private void returnWaiting() {
        Instant claimedBefore =
                isClaimingEnabled ? engine.now().minus(options.pollInterval()) : Instant.MAX;
        for (LeasedRun late : slots.removeWaiting(claimedBefore)) {
            writer.release(late);
            publishSupervisionEnd(late);
        }
    }

    private void settleAndClaim() {
        List<PendingSettlement> settlements = inbox.takeSettlements();
        settleAndClaim(settlements, isClaimingEnabled ? maxClaims(settlements) : 0);
    }

    /** Returns how many runs to claim for free slots and in advance. May be negative. */
    private int maxClaims(List<PendingSettlement> settlements) {
        if (!options.concurrencyLimits().isUnlimited()) {
            return slots.claimable();
        }
        long endedDuringLaunch =
                settlements.stream().filter(PendingSettlement::includesLaunch).count();
        return slots.claimable()
                + (int) Math.min(endedDuringLaunch, (long) CLAIMS_AHEAD * options.slots());
    }

    private void settleAndClaim(List<PendingSettlement> settlements, int maxClaims) {
        QueueClient.SettledAndClaimed batch = queue.settleAndClaim(settlements, maxClaims);
        for (int i = 0; i < settlements.size(); i++) {
            PendingSettlement settlement = settlements.get(i);
            Optional<RunUpdateResult> result = batch.results().get(i);
            execute(() -> conclude(settlement, result));
        }
        batch.claimed().forEach(this::add);
        assignSlots();
    }

    private void add(LeasedRun run) {
        // After a pause longer than a lease, a dispatcher may claim a run that it still
        // supervises under the old lease.
        slots.find(run.run().id())
                .ifPresent(
                        earlier -> {
                            writer.leaseLost(earlier);
                            abandonThread(earlier);
                            remove(earlier);
                        });
        // Published before any other thread can find the run and publish more.
        listeners.publish(new DispatchEvent.Claimed(run.run()));
        slots.add(run);
    }

    private void assignSlots() {
        if (isClaimingEnabled) {
            slots.assignSlots().forEach(run -> execute(() -> checkOnThisThread(run)));
        }
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException rejected) {
            LOG.debug("the executor rejected a task; it runs on this thread", rejected);
            task.run();
        }
    }

    // --- work on one run

    private void checkOnThisThread(LeasedRun run) {
        if (run.beginWork(engine.now())) { // Otherwise another thread works on it.
            work(run, () -> checkIfSupervised(run), false);
        }
    }

    private void conclude(PendingSettlement settlement, Optional<RunUpdateResult> result) {
        LeasedRun run = settlement.run();
        run.resumeWork(engine.now());
        work(run, () -> writer.conclude(settlement, result), result.isPresent());
    }

    /**
     * Works on a run on the calling thread, which is registered for it. Then checks the run again
     * if its sandbox ended meanwhile, queues its final change, or removes it.
     *
     * @param hasClaimed whether this cycle has already made a claim for the slot that becomes free,
     *     so that the loop need not be woken
     */
    private void work(LeasedRun run, Runnable work, boolean hasClaimed) {
        try {
            guarded(run, work);
            if (run.takeCheckAfterWork()) {
                guarded(run, () -> checkIfSupervised(run));
            }
        } finally {
            if (run.endWork()) {
                slots.threadReturned();
            }
            continueAfterWork(run, hasClaimed);
        }
    }

    private void continueAfterWork(LeasedRun run, boolean hasClaimed) {
        Optional<PendingSettlement> settlement = run.settlement();
        if (settlement.isPresent()) {
            assignSlots();
            inbox.add(settlement.get());
        } else if (run.hasSupervisionEnded()) {
            if (remove(run)) {
                assignSlots();
                if (!hasClaimed) {
                    inbox.wake();
                }
            }
        } else if (run.takeCheckAfterWork()) {
            // The sandbox ended after this thread last inspected it and before the thread finished.
            run.requestCheck();
            inbox.wake();
        }
    }

    private void checkIfSupervised(LeasedRun run) {
        if (!run.hasSupervisionEnded()) {
            supervisor.check(run);
        }
    }

    private static void guarded(LeasedRun run, Runnable work) {
        try {
            RunMdc.within(run.run(), work);
        } catch (RuntimeException failure) {
            LOG.warn(
                    "a step of run {} failed; it is retried in a later check",
                    run.run().id(),
                    failure);
        }
    }

    private void abandon(LeasedRun run) {
        supervisor.abandon(run);
        abandonThread(run);
        remove(run);
    }

    /**
     * The thread keeps its slot until it returns. It is counted before it is abandoned, because it
     * may return at once.
     */
    private void abandonThread(LeasedRun run) {
        slots.threadAbandoned();
        if (!run.abandon()) {
            slots.threadReturned();
        }
    }

    /**
     * Removes a run. Returns whether it was present. When this method returns, the event {@code
     * SupervisionEnded} has been published, so a later {@code Claimed} of the same run comes after
     * it.
     */
    private boolean remove(LeasedRun run) {
        supervisor.supervisionEnded(run);
        publishSupervisionEnd(run);
        return slots.remove(run);
    }

    private void publishSupervisionEnd(LeasedRun run) {
        run.supervisionEndedOnce()
                .run(() -> listeners.publish(new DispatchEvent.SupervisionEnded(run.run())));
    }
}
