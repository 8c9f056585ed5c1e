package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.RunSecrets;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes sandboxes and secrets that are no longer needed.
 *
 * <p>The next attempt is stored before the sandbox of the failed one is stopped. From then on no
 * dispatcher adopts that sandbox, so this cleanup never stops an adopted sandbox. Thread-safe.
 */
final class SandboxCleanup {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxCleanup.class);

    private final Engine engine;
    private final LauncherClient launcher;
    private final Duration stopPeriod;

    /** Sandboxes of runs that another dispatcher may still adopt. */
    private final Map<SandboxId, LeasedRun> undecided = new ConcurrentHashMap<>();

    SandboxCleanup(Engine engine, LauncherClient launcher, Duration stopPeriod) {
        this.engine = engine;
        this.launcher = launcher;
        this.stopPeriod = stopPeriod;
    }

    /**
     * Erases the secrets of an ended run and discards its sandbox. Only for the dispatcher that
     * recorded the end: until it is recorded, another lease holder may need both.
     */
    void afterEnd(LeasedRun run, SandboxId sandbox) {
        eraseSecrets(run);
        launcher.discard(run, sandbox);
    }

    /** Erases the secrets of a run if it has ended. */
    void eraseSecrets(LeasedRun run) {
        if (run.run().status().isTerminal() && RunSecrets.mayHaveSecrets(run.run())) {
            engine.backend().secrets().erase(run.run().project(), run.run().id());
        }
    }

    /** Immediately stops the sandbox of the previous attempt. */
    void stopPredecessor(LeasedRun run) {
        SandboxId sandbox = run.sandbox();
        stopAndDiscard(
                run,
                new SandboxId(
                        sandbox.project(), sandbox.task(), sandbox.run(), sandbox.attempt() - 1),
                Duration.ZERO);
    }

    /** Immediately stops the sandbox of a failed launch. */
    void stopNow(LeasedRun run, SandboxId sandbox) {
        stopAndDiscard(run, sandbox, Duration.ZERO);
    }

    /**
     * Stops a sandbox that was launched too late, unless another dispatcher has adopted it. If that
     * is not decided yet, because its launch is still not recorded, decides it later.
     */
    void stopUnlessOwned(LeasedRun run, SandboxId sandbox) {
        Optional<QueueEntry.Phase> phase =
                engine.backend()
                        .runs()
                        .findIncludingDeleted(sandbox.project(), sandbox.task(), sandbox.run())
                        .filter(it -> it.run().attempt() == sandbox.attempt())
                        .flatMap(StoredRun::entry)
                        .map(QueueEntry::phase);
        if (phase.equals(Optional.of(QueueEntry.Phase.WAITING))) {
            undecided.put(sandbox, run);
        } else if (phase.isPresent()) {
            LOG.info("sandbox {} was launched and belongs to another dispatcher now", sandbox);
        } else {
            LOG.warn("stopping sandbox {}, which was replaced during its launch", sandbox);
            stopAndDiscard(run, sandbox, stopPeriod);
        }
    }

    /** Remembers the sandbox of a run whose launch this dispatcher can no longer record. */
    void decideLater(LeasedRun run) {
        undecided.put(run.sandbox(), run);
    }

    boolean hasUndecided() {
        return !undecided.isEmpty();
    }

    /** Decides about the remembered sandboxes. What fails is repeated in the next check. */
    void checkUndecided() {
        for (Map.Entry<SandboxId, LeasedRun> each : Map.copyOf(undecided).entrySet()) {
            undecided.remove(each.getKey());
            try {
                stopUnlessOwned(each.getValue(), each.getKey());
            } catch (RuntimeException failure) {
                LOG.warn("could not check sandbox {}", each.getKey(), failure);
                undecided.put(each.getKey(), each.getValue());
            }
        }
    }

    private void stopAndDiscard(LeasedRun run, SandboxId sandbox, Duration gracePeriod) {
        try {
            // The exit of this sandbox is never recorded, so this reason does not reach the run.
            launcher.stop(run, sandbox, StopReason.CANCELLED, gracePeriod);
            SandboxState state = launcher.inspect(run, sandbox);
            if (!(state instanceof SandboxState.Running)) {
                launcher.discard(run, sandbox);
            }
        } catch (RuntimeException failure) {
            LOG.warn("could not stop sandbox {}", sandbox, failure);
        }
    }
}
