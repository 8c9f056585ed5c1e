package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
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
 *   <li>abandons workers that are stuck,
 *   <li>checks runs,
 *   <li>returns runs to the queue that have waited too long for a slot,
 *   <li>writes the final changes that were decided, and claims runs in the same statement,
 *   <li>starts to work on the claimed runs that get a slot.
 * </ol>
 *
 * <p>The work on runs is done by an executor: the caller's thread, or that of a started dispatcher.
 * Nothing else depends on the executor. Thread-safe.
 *
 * <p>If sandboxes end during their launch, slots are free again before the next claim returns. As
 * many more runs are then claimed ahead, within bounds, and wait for a slot under their leases.
 * Under concurrency limits none is claimed ahead, because other nodes could execute it.
 */
final class DispatchCycle {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchCycle.class);

    /** Maximum number of runs that wait for each slot. */
    private static final int CLAIMS_AHEAD = 7;

    private final Engine engine;
    private final DispatchOptions options;
    private final SlotTable slots;
    private final WorkSignal signal;
    private final QueueClient queue;
    private final LeaseRenewer renewer;
    private final LeasedWriter writer;
    private final RunSupervisor supervisor;
    private final DispatchListeners listeners;
    private volatile Executor executor = Runnable::run;
    private volatile boolean claims = true;

    DispatchCycle(
            Engine engine,
            DispatchOptions options,
            SlotTable slots,
            WorkSignal signal,
            LeasedWriter writer,
            RunSupervisor supervisor,
            DispatchListeners listeners) {
        this.engine = engine;
        this.options = options;
        this.slots = slots;
        this.signal = signal;
        this.queue = new QueueClient(engine, options);
        this.renewer = new LeaseRenewer(engine, options, writer);
        this.writer = writer;
        this.supervisor = supervisor;
        this.listeners = listeners;
    }

    /** Sets the executor that works on runs. */
    void useExecutor(Executor other) {
        executor = other;
    }

    /** Sets whether runs are claimed, and claimed runs started. */
    void setClaims(boolean value) {
        claims = value;
    }

    /**
     * Performs a cycle.
     *
     * @param checksAll whether all runs are checked, and not only those that requested it
     * @throws RuntimeException if storage fails; the next cycle continues
     */
    void run(boolean checksAll) {
        List<ActiveRun> runs =
                slots.all().stream().filter(run -> run.takeCheckRequest() || checksAll).toList();
        Optional<RuntimeException> failure = Optional.empty();
        try {
            check(runs);
            returnWaiting();
        } catch (RuntimeException thrown) {
            // Not at once, as that may fail again, but in the next cycle whatever its reason is.
            runs.forEach(ActiveRun::requestCheck);
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
        List<PendingSettlement> settlements = signal.takeSettlements();
        while (!settlements.isEmpty()) {
            settleAndClaim(settlements, 0);
            settlements = signal.takeSettlements();
        }
    }

    /** Writes the final changes that were decided, and releases all leases. */
    void releaseAll() {
        settle();
        for (ActiveRun run : slots.all()) {
            abandonWorker(run);
            writer.release(run);
            remove(run);
        }
    }

    private void check(List<ActiveRun> runs) {
        List<ActiveRun> stuck = runs.stream().filter(supervisor::isStuck).toList();
        renewer.renew(
                runs.stream()
                        .filter(run -> run.isRenewalDue(engine.now()) && !stuck.contains(run))
                        .toList());
        for (ActiveRun run : stuck) {
            guarded(run, () -> abandon(run));
        }
        for (ActiveRun run : runs) {
            if (run.occupiesSlot() || run.isOver()) {
                execute(() -> check(run));
            }
        }
    }

    /** Another dispatcher may have a free slot for a run that has waited for a poll interval. */
    private void returnWaiting() {
        Instant claimedBefore = claims ? engine.now().minus(options.pollInterval()) : Instant.MAX;
        for (ActiveRun late : slots.removeWaiting(claimedBefore)) {
            writer.release(late);
            publishReleased(late);
        }
    }

    private void settleAndClaim() {
        List<PendingSettlement> settlements = signal.takeSettlements();
        settleAndClaim(settlements, claims ? room(settlements) : 0);
    }

    private int room(List<PendingSettlement> settlements) {
        if (!options.concurrencyLimits().isUnlimited()) {
            return slots.free();
        }
        long endedAtOnce = settlements.stream().filter(PendingSettlement::includesStart).count();
        return slots.free() + (int) Math.min(endedAtOnce, (long) CLAIMS_AHEAD * options.slots());
    }

    private void settleAndClaim(List<PendingSettlement> settlements, int room) {
        QueueClient.Batch batch = queue.settleAndClaim(settlements, room);
        for (int i = 0; i < settlements.size(); i++) {
            PendingSettlement settlement = settlements.get(i);
            Optional<RunUpdateResult> result = batch.results().get(i);
            execute(() -> conclude(settlement, result));
        }
        batch.claimed().forEach(this::add);
        startWaiting();
    }

    private void add(ActiveRun run) {
        // After a pause longer than a lease, a dispatcher may claim a run that it supervises.
        slots.find(run.run().id())
                .ifPresent(
                        earlier -> {
                            writer.leaseLost(earlier);
                            abandonWorker(earlier);
                            remove(earlier);
                        });
        // Published before any other thread can find the run and publish more.
        listeners.publish(new DispatchEvent.Claimed(run.run()));
        slots.add(run);
    }

    private void startWaiting() {
        if (claims) {
            slots.activate().forEach(run -> execute(() -> check(run)));
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

    private void check(ActiveRun run) {
        if (run.beginWork(engine.now())) { // Otherwise another thread works on it.
            work(run, () -> checkUnlessOver(run), false);
        }
    }

    private void conclude(PendingSettlement settlement, Optional<RunUpdateResult> result) {
        ActiveRun run = settlement.run();
        run.resumeWork(engine.now());
        work(run, () -> writer.conclude(settlement, result), result.isPresent());
    }

    /**
     * Does some work as the worker of a run, and continues with what follows from it.
     *
     * @param hasClaimed whether runs were claimed already for the slot of this run
     */
    private void work(ActiveRun run, Runnable work, boolean hasClaimed) {
        try {
            guarded(run, work);
            if (run.takeSandboxEnd()) {
                guarded(run, () -> checkUnlessOver(run));
            }
        } finally {
            if (run.endWork()) {
                slots.threadReturned();
            }
            continueAfterWork(run, hasClaimed);
        }
    }

    private void continueAfterWork(ActiveRun run, boolean hasClaimed) {
        Optional<PendingSettlement> settlement = run.settlement();
        if (settlement.isPresent()) {
            startWaiting();
            signal.add(settlement.get());
        } else if (run.isOver()) {
            if (remove(run)) {
                startWaiting();
                if (!hasClaimed) {
                    signal.wake();
                }
            }
        } else if (run.takeSandboxEnd()) {
            // The sandbox ended between the last look of the worker and its end.
            run.requestCheck();
            signal.wake();
        }
    }

    private void checkUnlessOver(ActiveRun run) {
        if (!run.isOver()) {
            supervisor.check(run);
        }
    }

    private static void guarded(ActiveRun run, Runnable work) {
        try {
            RunLogContext.within(run.run(), work);
        } catch (RuntimeException failure) {
            LOG.warn("run {} will be checked again", run.run().id(), failure);
        }
    }

    private void abandon(ActiveRun run) {
        supervisor.abandon(run);
        abandonWorker(run);
        remove(run);
    }

    /** The thread keeps its slot until it returns. */
    private void abandonWorker(ActiveRun run) {
        slots.threadAbandoned();
        if (!run.abandon()) {
            slots.threadReturned();
        }
    }

    /**
     * Removes a run; returns whether it was present. Its release has been published then, by this
     * or another thread, so the event of a new claim of the run comes after it.
     */
    private boolean remove(ActiveRun run) {
        publishReleased(run);
        return slots.remove(run);
    }

    private void publishReleased(ActiveRun run) {
        run.release().run(() -> listeners.publish(new DispatchEvent.Released(run.run())));
    }
}
