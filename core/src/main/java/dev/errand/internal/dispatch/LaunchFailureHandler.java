package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.spi.PortException;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records failed launches, and fails runs that are not launched again (docs/wire/runs.md#g6). */
final class LaunchFailureHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LaunchFailureHandler.class);

    private final Engine engine;
    private final DispatchOptions options;
    private final LeasedWriter writer;
    private final SandboxCleanup cleanup;
    private final DispatchListeners listeners;

    LaunchFailureHandler(
            Engine engine,
            DispatchOptions options,
            LeasedWriter writer,
            SandboxCleanup cleanup,
            DispatchListeners listeners) {
        this.engine = engine;
        this.options = options;
        this.writer = writer;
        this.cleanup = cleanup;
        this.listeners = listeners;
    }

    /** Handles a launch that threw: schedules the next attempt, or fails the run. */
    void launchFailed(LeasedRun run, SandboxId sandbox, RuntimeException failure) {
        if (failures(run) == 0) {
            LOG.warn("could not launch sandbox {}", sandbox, failure);
        } else {
            LOG.warn("could not launch sandbox {}: {}", sandbox, failure.toString());
        }
        if (run.hasSupervisionEnded()) {
            cleanup.stopUnlessOwned(
                    run, sandbox); // The timeout is recorded already, or the lease is lost.
            return;
        }
        boolean isPermanent = failure instanceof PortException fault && !fault.isRetryable();
        if (!recordFailure(run, sandbox, FailureText.causeOf(failure), isPermanent)) {
            return;
        }
        if (isPermanent) {
            failUnlaunched(run, false);
        } else {
            // The effect of the launch is unknown, but no lease holder adopts this attempt any
            // more.
            cleanup.stopNow(run, sandbox);
            writer.release(run);
        }
    }

    /**
     * Handles a launch that exceeded its time limit; called by another thread than the hung one.
     */
    void launchTimedOut(LeasedRun run) {
        SandboxId sandbox = run.sandbox();
        Duration limit = run.timeouts(options).launch();
        LOG.warn("the launch of sandbox {} did not return within {}", sandbox, limit);
        recordFailure(run, sandbox, FailureText.timedOut(limit), false);
        writer.release(run);
    }

    /** Returns whether the failure is recorded, and the attempt replaced by the next one. */
    private boolean recordFailure(
            LeasedRun run, SandboxId sandbox, String cause, boolean isPermanent) {
        Duration delay =
                isPermanent
                        ? Duration.ZERO
                        : options.launchRetry().delayAfter(failures(run), engine.random());
        boolean isLeaseHeld =
                writer.record(run, current -> withFailure(current, sandbox, cause, delay));
        boolean isReplaced = isLeaseHeld && run.sandbox().attempt() == sandbox.attempt() + 1;
        if (isReplaced) {
            listeners.publish(new DispatchEvent.LaunchFailed(run.run(), cause));
        }
        return isReplaced;
    }

    private StoredRun withFailure(
            StoredRun current, SandboxId sandbox, String cause, Duration delay) {
        boolean isExpected =
                isWaitingFor(sandbox, current)
                        && current.run().status() == RunStatus.QUEUED
                        && current.stopReason().isEmpty();
        return isExpected
                ? current.withRun(
                        current.run().change(engine.now()).nextAttempt().build(),
                        entry -> entry.launchFailed(cause, engine.now().plus(delay)))
                : current;
    }

    private static int failures(LeasedRun run) {
        return run.stored().entry().map(QueueEntry::failures).orElse(0);
    }

    /** Returns whether the current attempt of a run waits for this sandbox to be launched. */
    static boolean isWaitingFor(SandboxId sandbox, StoredRun current) {
        return current.entry().filter(it -> it.phase() == QueueEntry.Phase.WAITING).isPresent()
                && current.run().attempt() == sandbox.attempt();
    }

    /**
     * Fails a run that could not be launched, with the cause of the last failure.
     *
     * @param mustStop whether a sandbox of the current attempt may run and must be stopped
     */
    void failUnlaunched(LeasedRun run, boolean mustStop) {
        QueueEntry entry = run.stored().entry().orElseThrow();
        if (entry.failures() > 0) {
            cleanup.stopPredecessor(run);
        }
        String message = FailureText.message(entry.lastFailure().orElse("no cause is known"));
        fail(run, FailureText.reason(entry), message, mustStop);
    }

    /**
     * Fails a run that exceeded its time in the queue.
     *
     * @param mustStop whether a sandbox of the current attempt may run and must be stopped
     */
    void failExpired(LeasedRun run, boolean mustStop) {
        Duration limit = run.timeouts(options).queued();
        fail(run, EndReason.QUEUE_EXPIRED, FailureText.expired(limit), mustStop);
    }

    private void fail(LeasedRun run, EndReason reason, String message, boolean mustStop) {
        if (mustStop) {
            writer.record(run, current -> failedAndStopping(current, reason, message));
        } else {
            fail(run, reason, message);
        }
    }

    /** The entry is kept until the sandbox is known to have stopped. */
    private StoredRun failedAndStopping(StoredRun current, EndReason reason, String message) {
        return current.run().status().isTerminal() || current.entry().isEmpty()
                ? current
                : current.withRun(
                        failed(current, reason, message),
                        entry -> entry.stopping(StopReason.CANCELLED, engine.now()));
    }

    /** Fails a run that has no sandbox. */
    void fail(LeasedRun run, EndReason reason, String message) {
        writer.queueSettlement(
                run,
                current -> RunUpdateRules.failed(current, reason, message, engine.now()),
                () -> cleanup.eraseSecrets(run));
    }

    private Run failed(StoredRun current, EndReason reason, String message) {
        Run.Builder edit = current.run().change(engine.now());
        if (!current.run().status().isTerminal()) {
            edit.endedWith(RunStatus.FAILED, reason).errorMessage(Optional.of(message));
        }
        return edit.build();
    }
}
