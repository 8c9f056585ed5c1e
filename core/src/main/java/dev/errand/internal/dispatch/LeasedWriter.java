package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.OptimisticRetry;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes of runs under the leases that this dispatcher holds. A write under a lost lease is
 * rejected, and ends the supervision of the run (docs/invariants.md#i6).
 */
final class LeasedWriter {

    private static final Logger LOG = LoggerFactory.getLogger(LeasedWriter.class);

    private final Engine engine;
    private final DispatchListeners listeners;

    LeasedWriter(Engine engine, DispatchListeners listeners) {
        this.engine = engine;
        this.listeners = listeners;
    }

    /**
     * Writes a change that is not the last one; the lease is kept.
     *
     * @param decision returns the changed run, or the same run for no change; called again if
     *     another change was written first
     * @return whether the lease was still held
     */
    boolean record(LeasedRun run, UnaryOperator<StoredRun> decision) {
        return write(run, decision, false);
    }

    /**
     * Queues the final change of a run to be written next, together with those of other runs; if
     * that fails, it is decided anew and written alone. A change that queues the next attempt of a
     * restarted run is written at once.
     *
     * @param decision returns the run after its final change
     * @param onSettled called after the change was written
     */
    void queueSettlement(LeasedRun run, UnaryOperator<StoredRun> decision, Runnable onSettled) {
        StoredRun before = run.stored();
        StoredRun after = decision.apply(before);
        Runnable writeAlone =
                () -> {
                    if (write(run, decision, true)) {
                        run.endSupervision();
                        onSettled.run();
                    }
                };
        if (after.entry().isPresent()) {
            writeAlone.run();
        } else {
            queueSettlement(run, RunChange.of(before, after), onSettled, writeAlone);
        }
    }

    /**
     * Queues the final change of a run, as {@link #queueSettlement(LeasedRun, UnaryOperator,
     * Runnable)} does.
     *
     * @param onNotConfirmed called instead if the run was changed by another writer, or if it is
     *     unknown whether the change was written
     */
    void queueSettlement(
            LeasedRun run, RunChange change, Runnable onSettled, Runnable onNotConfirmed) {
        run.setSettlement(
                new PendingSettlement(
                        run,
                        change.withLease(run.lease()).releasingLease(),
                        change.intermediate().isPresent(),
                        onSettled,
                        onNotConfirmed));
    }

    /**
     * Continues after an attempt to write a final change.
     *
     * @param result the result, or empty if it is unknown whether the change was written
     */
    void conclude(PendingSettlement settlement, Optional<RunUpdateResult> result) {
        LeasedRun run = settlement.run();
        if (result.isEmpty()) {
            settlement.onNotConfirmed().run();
        } else if (result.get() instanceof RunUpdateResult.Stale stale) {
            run.changed(stale.current());
            settlement.onNotConfirmed().run();
        } else if (result.get() instanceof RunUpdateResult.Updated updated) {
            run.changed(updated.run());
            run.endSupervision();
            settlement.onSettled().run();
        } else {
            leaseLost(run);
        }
    }

    /**
     * Releases the lease, so that the run can be claimed again when it is due. If a launch may be
     * unrecorded, the lease expires instead, which tells the next owner to look for the sandbox.
     */
    void release(LeasedRun run) {
        run.endSupervision();
        if (run.mayBeLaunchedUnrecorded()) {
            return;
        }
        try {
            engine.backend().queue().release(run.lease());
        } catch (RuntimeException failure) {
            LOG.warn(
                    "could not release the lease on run {}; it will expire",
                    run.run().id(),
                    failure);
        }
    }

    /**
     * Ends supervision because the lease is no longer valid: another dispatcher has it, or the run
     * needs no dispatcher any more.
     */
    void leaseLost(LeasedRun run) {
        if (!run.hasSupervisionEnded()) {
            LOG.info("the lease on run {} is lost", run.run().id());
            run.endSupervision();
            listeners.publish(new DispatchEvent.LeaseLost(run.run()));
        }
    }

    private boolean write(LeasedRun run, UnaryOperator<StoredRun> decision, boolean isFinal) {
        return OptimisticRetry.untilPresent(
                engine.random(), () -> tryWrite(run, decision, isFinal));
    }

    /** Returns whether the lease is held, or empty if another change was written first. */
    private Optional<Boolean> tryWrite(
            LeasedRun run, UnaryOperator<StoredRun> decision, boolean isFinal) {
        StoredRun before = run.stored();
        StoredRun after = decision.apply(before);
        if (after == before) {
            return Optional.of(true);
        }
        RunChange leased = RunChange.of(before, after).withLease(run.lease());
        RunChange change = isFinal ? leased.releasingLease() : leased;
        RunUpdateResult result =
                engine.events()
                        .commitAndPublish(
                                () -> List.of(before.run().id()),
                                () ->
                                        engine.backend()
                                                .runs()
                                                .update(before.run().project(), change),
                                it ->
                                        it instanceof RunUpdateResult.Updated
                                                ? change.events()
                                                : List.of());
        if (result instanceof RunUpdateResult.Updated updated) {
            run.changed(updated.run());
            return Optional.of(true);
        }
        if (result instanceof RunUpdateResult.Stale stale) {
            run.changed(stale.current());
            return Optional.empty();
        }
        leaseLost(run);
        return Optional.of(false);
    }
}
