package dev.errand.internal.dispatch;

import dev.errand.access.SandboxTokens;
import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.PermissionPolicy;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks supervised runs: gathers the {@linkplain DispatchFacts facts}, looks up the next step in
 * the {@linkplain DispatchRules dispatch table}, and takes it. Each step is recorded under the
 * lease.
 */
final class RunSupervisor {

    private static final Logger LOG = LoggerFactory.getLogger(RunSupervisor.class);

    private final Engine engine;
    private final DispatchOptions options;
    private final LauncherClient launcher;
    private final LeasedWriter writer;
    private final SandboxInspector inspector;
    private final SandboxCleanup cleanup;
    private final LaunchFailureHandler failures;
    private final SandboxLaunchStep launchStep;
    private final DispatchListeners listeners;

    RunSupervisor(
            Engine engine,
            SandboxTokens tokens,
            DispatchOptions options,
            LauncherClient launcher,
            LeasedWriter writer,
            DispatchListeners listeners) {
        this.engine = engine;
        this.options = options;
        this.launcher = launcher;
        this.writer = writer;
        this.listeners = listeners;
        this.inspector = new SandboxInspector(launcher, listeners);
        this.cleanup = new SandboxCleanup(engine, launcher, options.gracePeriods().stop());
        this.failures = new LaunchFailureHandler(engine, options, writer, cleanup, listeners);
        this.launchStep =
                new SandboxLaunchStep(
                        engine, tokens, options, launcher, writer, inspector, cleanup, failures,
                        listeners);
    }

    /** Takes the next step for a run. After an exception, the next check tries again. */
    void check(LeasedRun run) {
        Optional<Task> task = Optional.empty();
        if (run.history().markChecked()) {
            task = run.task().or(() -> findTask(run));
            if (task.isEmpty()) {
                requestStop(run, StopReason.TASK_DELETED);
            }
        }
        SandboxInspector.Inspection inspection = SandboxInspector.Inspection.NONE;
        if (run.stored().entry().isEmpty()) {
            run.endSupervision();
        }
        while (!run.hasSupervisionEnded()) {
            DispatchStep step = DispatchRules.stepFor(facts(run, stateOf(run, inspection)));
            if (step != DispatchStep.INSPECT) {
                take(step, run, inspection, task);
                return;
            }
            inspection = inspector.inspect(run);
        }
    }

    /**
     * Returns whether the thread that works on a run has been in a step for longer than allowed.
     */
    boolean isStuck(LeasedRun run) {
        return run.isStuck(engine.now(), run.timeouts(options).launch(), otherStepLimit());
    }

    /**
     * Continues without the stuck thread of a run. A launch counts as failed; after any other step
     * the lease is released, so that a dispatcher with a working launcher can claim the run.
     */
    void abandon(LeasedRun run) {
        if (run.isLaunching()) {
            failures.launchTimedOut(run);
        } else {
            LOG.warn(
                    "a step of sandbox {} did not finish within {}; continuing without its thread",
                    run.sandbox(),
                    DurationText.of(otherStepLimit()));
            writer.release(run);
        }
    }

    /**
     * Returns the limit of a launcher call that is not a launch, and of collecting output. It has
     * no option of its own: the time for which launches are retried applies to these steps as well.
     */
    private Duration otherStepLimit() {
        return options.launchRetry().window();
    }

    /** Returns the state of a sandbox, and whether the run waits for the provider after it. */
    private DispatchFacts.Sandbox stateOf(LeasedRun run, SandboxInspector.Inspection inspection) {
        boolean isLimited = inspection.exit().flatMap(exit -> retryAt(run, exit)).isPresent();
        return isLimited ? DispatchFacts.Sandbox.LIMITED : inspection.state();
    }

    private Optional<Instant> retryAt(LeasedRun run, SandboxExit exit) {
        return ProviderLimits.retryAt(run.run(), exit, options.providerLimits(), engine.now());
    }

    private DispatchFacts facts(LeasedRun run, DispatchFacts.Sandbox sandbox) {
        StoredRun stored = run.stored();
        Run current = stored.run();
        QueueEntry entry = stored.entry().orElseThrow();
        Instant now = engine.now();
        // Inactivity is decided only for a sandbox that is known to run.
        Instant lastActivity =
                sandbox == DispatchFacts.Sandbox.RUNNING
                        ? run.history()
                                .activity()
                                .last(engine, current, run.timeouts(options).inactivity(), now)
                        : now;
        ExceededLimit exceeded = ExceededLimit.of(current, entry, options, lastActivity, now);
        if (exceeded == ExceededLimit.NO_LIMIT
                && sandbox == DispatchFacts.Sandbox.RUNNING
                && isPermissionUnanswered(run, now)) {
            exceeded = ExceededLimit.UNANSWERED_PERMISSION;
        }
        return new DispatchFacts(
                entry.phase(),
                DispatchFacts.StatusGroup.of(current),
                DispatchFacts.Stop.of(stored, options.gracePeriods(), now),
                sandbox,
                exceeded,
                unrecordedLaunch(run));
    }

    private boolean isPermissionUnanswered(LeasedRun run, Instant now) {
        StoredRun stored = run.stored();
        boolean isRunning =
                !stored.run().status().isTerminal()
                        && stored.entry().flatMap(QueueEntry::launchedAt).isPresent();
        return isRunning
                && options.permissionPolicy()
                        .limit()
                        .filter(
                                limit ->
                                        run.history()
                                                .activity()
                                                .isUnanswered(engine, stored.run(), limit, now))
                        .isPresent();
    }

    private static DispatchFacts.UnrecordedLaunch unrecordedLaunch(LeasedRun run) {
        StoredRun stored = run.stored();
        boolean isPossible =
                run.mayBeLaunchedUnrecorded()
                        && stored.run().status() == RunStatus.QUEUED
                        && stored.stopReason().isEmpty();
        return isPossible
                ? DispatchFacts.UnrecordedLaunch.POSSIBLE
                : DispatchFacts.UnrecordedLaunch.IMPOSSIBLE;
    }

    private void take(
            DispatchStep step,
            LeasedRun run,
            SandboxInspector.Inspection inspection,
            Optional<Task> task) {
        switch (step) {
            case LAUNCH -> launch(run, task.or(() -> findTask(run)));
            case FAIL_EXPIRED -> failures.failExpired(run, mustStop(inspection));
            case FAIL_LAUNCH -> failures.failUnlaunched(run, mustStop(inspection));
            case RECORD_MISSED_LAUNCH -> launchStep.recordMissedLaunch(run);
            case SUPERSEDE -> supersede(run);
            case LEAVE_TO_EXTERNAL_AGENT -> leaveToExternalAgent(run);
            case INSPECT, KEEP_RUNNING, RETRY_LATER, ALLOW_FINISH -> {}
            case STOP_INACTIVE -> stopInactive(run);
            case APPLY_PERMISSION_POLICY -> applyPermissionPolicy(run);
            case STOP_TIMED_OUT -> {
                requestStop(run, StopReason.TIME_LIMIT);
                stop(run);
            }
            case STOP -> stop(run);
            case END_UNCONFIRMED -> endUnconfirmed(run);
            case RECORD_EXIT -> recordExit(run, inspection.exit().orElseThrow());
            case WAIT_FOR_PROVIDER -> waitForProvider(run, inspection.exit().orElseThrow());
            case RECORD_GONE -> recordGone(run);
        }
    }

    private void launch(LeasedRun run, Optional<Task> task) {
        task.ifPresentOrElse(
                it -> launchStep.launch(run, it), () -> requestStop(run, StopReason.TASK_DELETED));
    }

    private static boolean mustStop(SandboxInspector.Inspection inspection) {
        return inspection.state() == DispatchFacts.Sandbox.UNKNOWN;
    }

    private void supersede(LeasedRun run) {
        SandboxId sandbox = run.sandbox();
        LOG.warn(
                "sandbox {} may have been launched by another dispatcher whose lease expired;"
                        + " continuing with the next attempt",
                sandbox);
        writer.record(
                run,
                current ->
                        LaunchFailureHandler.isWaitingFor(sandbox, current)
                                ? current.withRun(
                                        current.run().change(engine.now()).nextAttempt().build())
                                : current);
    }

    /** Notes that a run is no longer supervised, although a sandbox of it may be running. */
    void supervisionEnded(LeasedRun run) {
        if (run.mayBeLaunchedUnrecorded()) {
            cleanup.decideLater(run);
        }
    }

    /** Returns whether {@link #checkUndecided} has something to do. */
    boolean hasUndecided() {
        return cleanup.hasUndecided();
    }

    /** Stops sandboxes that this dispatcher launched and other dispatchers do not adopt. */
    void checkUndecided() {
        cleanup.checkUndecided();
    }

    /** A run that an external agent has started is not launched any more (docs/wire/runs.md#g3). */
    private void leaveToExternalAgent(LeasedRun run) {
        SandboxId sandbox = run.sandbox();
        writer.queueSettlement(
                run,
                current ->
                        RunUpdateRules.withoutSandbox(
                                current.run().change(engine.now()), current, engine.now()),
                () -> launcher.discard(run, sandbox));
    }

    private void stopInactive(LeasedRun run) {
        Duration limit = run.timeouts(options).inactivity();
        boolean isLeaseHeld =
                writer.record(
                        run,
                        current -> {
                            // The run may have been updated since the facts were gathered.
                            boolean isInactive =
                                    engine.now().isAfter(current.run().updatedAt().plus(limit));
                            return isInactive ? stopping(current, StopReason.INACTIVITY) : current;
                        });
        if (isLeaseHeld && run.stored().stopReason().isPresent()) {
            stop(run);
        }
    }

    private void applyPermissionPolicy(LeasedRun run) {
        PermissionPolicy policy = options.permissionPolicy();
        if (policy instanceof PermissionPolicy.DenyAfter denying) {
            run.history()
                    .activity()
                    .pendingPermissions()
                    .forEach(request -> denying.responder().deny(run.run(), request));
        } else if (policy instanceof PermissionPolicy.CancelAfter cancelling) {
            String reason =
                    "Nobody answered a permission request within "
                            + DurationText.of(cancelling.after());
            writer.record(
                    run,
                    current ->
                            RunUpdateRules.cancelRequested(
                                    current,
                                    RunUpdateRules.CancelSource.PERMISSION_POLICY,
                                    Optional.of(reason),
                                    Optional.empty(),
                                    engine.now()));
            stop(run);
        }
    }

    /** Stores the intent to stop first, so that another lease holder continues if this one dies. */
    private void requestStop(LeasedRun run, StopReason reason) {
        writer.record(run, current -> stopping(current, reason));
    }

    private StoredRun stopping(StoredRun current, StopReason reason) {
        boolean needsNoRequest =
                current.run().status().isTerminal()
                        || current.entry().isEmpty()
                        || current.stopReason().isPresent();
        return needsNoRequest
                ? current
                : current.withRun(
                        current.run().change(engine.now()).build(),
                        entry -> entry.stopping(reason, engine.now()));
    }

    private void stop(LeasedRun run) {
        if (run.hasSupervisionEnded()) {
            return;
        }
        StopReason reason = run.stored().stopReason().orElse(StopReason.ENDED);
        launcher.stop(run, run.sandbox(), reason, options.gracePeriods().stop());
    }

    private void endUnconfirmed(LeasedRun run) {
        LOG.warn(
                "the stop of sandbox {} was not confirmed within {}",
                run.sandbox(),
                options.gracePeriods().confirm());
        writer.record(
                run,
                current ->
                        SandboxOutcome.unconfirmed(current, engine.now(), run.timeouts(options)));
        stop(run);
    }

    private void recordExit(LeasedRun run, SandboxExit exit) {
        SandboxId sandbox = run.sandbox();
        List<Artifact> artifacts = collect(run, exit);
        Optional<Task> task = findTask(run);
        writer.queueSettlement(
                run,
                current ->
                        SandboxOutcome.exited(
                                current,
                                engine.now(),
                                exit,
                                artifacts,
                                task.flatMap(found -> found.details().jsonSchema()),
                                run.timeouts(options)),
                () -> cleanup.afterEnd(run, sandbox));
    }

    /** Keeps what a sandbox left, and returns the new artifacts. */
    private List<Artifact> collect(LeasedRun run, SandboxExit exit) {
        SandboxId sandbox = run.sandbox();
        Instant since = run.history().startCollecting(engine.now());
        boolean mayRetry = !engine.now().isAfter(since.plus(otherStepLimit()));
        ArtifactCollector.Collected collected =
                ArtifactCollector.collect(engine, sandbox, exit.artifacts(), mayRetry);
        List<String> notes = new ArrayList<>(collected.addedTo(exit.notes()));
        notes.addAll(
                ConversationKeeper.keep(engine, sandbox, exit.report().conversation(), mayRetry));
        ConsoleLog.appendNotes(engine, sandbox, notes);
        return collected.artifacts();
    }

    private void waitForProvider(LeasedRun run, SandboxExit exit) {
        Optional<Instant> retryAt = retryAt(run, exit);
        if (retryAt.isEmpty()) {
            return; // The run has changed; the next check decides again.
        }
        SandboxId sandbox = run.sandbox();
        List<Artifact> artifacts = collect(run, exit);
        writer.queueSettlement(
                run,
                current ->
                        SandboxOutcome.waitingForProvider(
                                current,
                                engine.now(),
                                retryAt.get(),
                                exit,
                                artifacts,
                                run.timeouts(options)),
                () -> {
                    cleanup.afterEnd(run, sandbox);
                    if (run.run().status() == RunStatus.QUEUED) {
                        listeners.publish(
                                new DispatchEvent.ProviderLimitReached(run.run(), retryAt.get()));
                    }
                });
    }

    private void recordGone(LeasedRun run) {
        SandboxId sandbox = run.sandbox();
        writer.queueSettlement(
                run,
                current -> SandboxOutcome.gone(current, engine.now(), run.timeouts(options)),
                () -> cleanup.afterEnd(run, sandbox));
    }

    private Optional<Task> findTask(LeasedRun run) {
        return engine.backend()
                .tasks()
                .find(run.run().project(), run.run().task())
                .map(TaskWithLatestRun::task);
    }
}
