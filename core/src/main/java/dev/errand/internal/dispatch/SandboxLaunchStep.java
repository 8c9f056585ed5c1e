package dev.errand.internal.dispatch;

import dev.errand.access.SandboxTokens;
import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.spi.PortException;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Launches sandboxes and records their launches (docs/wire/runs.md#g6). */
final class SandboxLaunchStep {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxLaunchStep.class);
    private static final int MAX_HANDLE_LENGTH = 500;

    private final Engine engine;
    private final DispatchOptions options;
    private final LaunchRequestFactory requests;
    private final LauncherClient launcher;
    private final LeasedWriter writer;
    private final SandboxInspector inspector;
    private final SandboxCleanup cleanup;
    private final LaunchFailureHandler failures;
    private final DispatchListeners listeners;

    SandboxLaunchStep(
            Engine engine,
            SandboxTokens tokens,
            DispatchOptions options,
            LauncherClient launcher,
            LeasedWriter writer,
            SandboxInspector inspector,
            SandboxCleanup cleanup,
            LaunchFailureHandler failures,
            DispatchListeners listeners) {
        this.engine = engine;
        this.options = options;
        this.requests = new LaunchRequestFactory(engine, tokens, options);
        this.launcher = launcher;
        this.writer = writer;
        this.inspector = inspector;
        this.cleanup = cleanup;
        this.failures = failures;
        this.listeners = listeners;
    }

    /** Launches the sandbox of the run's current attempt, and records the launch or its failure. */
    void launch(LeasedRun run, Task task) {
        if (!engine.backend().clock().instant().isBefore(run.lease().until())) {
            LOG.warn("the lease on run {} expired before its launch", run.run().id());
            run.requestRenewal(); // Another dispatcher may have launched it.
            return;
        }
        SandboxId sandbox = run.sandbox();
        Optional<String> handle = callLauncher(run, task);
        if (handle.isPresent() && !settleWithLaunch(run, sandbox, handle.get(), task)) {
            recordLaunch(run, sandbox, handle.get());
        }
    }

    /** Returns the handle of the launched sandbox, or empty after a failure, which is recorded. */
    private Optional<String> callLauncher(LeasedRun run, Task task) {
        SandboxId sandbox = run.sandbox();
        LaunchRequest request;
        try {
            if (requests.lacksCredential(run.run())) {
                failures.fail(
                        run,
                        EndReason.CREDENTIAL_EXPIRED,
                        "The github_user_token of this run expired before it could be started.");
                return Optional.empty();
            }
            request = requests.create(task, run.run(), run.timeouts(options).total());
        } catch (PortException fault) {
            if (fault.isRetryable()) {
                throw fault; // Not a failure of the launch: the next check tries again.
            }
            failures.launchFailed(run, sandbox, fault);
            return Optional.empty();
        }
        if (run.stored().entry().filter(it -> it.failures() > 0).isPresent()) {
            // The dispatcher that recorded that failure may have died before the cleanup.
            cleanup.stopPredecessor(run);
        }
        try {
            return Optional.of(checkedHandle(launcher.launch(run, request)));
        } catch (RuntimeException failure) {
            failures.launchFailed(run, sandbox, failure);
            return Optional.empty();
        }
    }

    private static String checkedHandle(String handle) {
        if (handle == null || handle.isBlank()) {
            throw new IllegalStateException(FailureText.noHandle());
        }
        String clean = ExternalText.clean(handle);
        return clean.length() <= MAX_HANDLE_LENGTH ? clean : clean.substring(0, MAX_HANDLE_LENGTH);
    }

    /** Records the launch of a sandbox that an earlier lease holder made and did not record. */
    void recordMissedLaunch(LeasedRun run) {
        recordLaunch(run, run.sandbox(), run.sandbox().toString());
    }

    private void recordLaunch(LeasedRun run, SandboxId sandbox, String handle) {
        boolean isRecorded =
                !run.hasSupervisionEnded()
                        && writer.record(
                                run,
                                current ->
                                        LaunchFailureHandler.isWaitingFor(sandbox, current)
                                                ? inProgress(current, handle)
                                                : current);
        if (!isRecorded || !run.sandbox().equals(sandbox)) {
            // The launch took too long, or the run has a new attempt.
            cleanup.stopUnlessOwned(run, sandbox);
            return;
        }
        publishLaunched(run.stored(), sandbox, handle);
    }

    /**
     * Records launch and end in one change if the sandbox ended during its launch. Returns false if
     * it did not, if it left files or notes, if the run may wait for its provider, or if the run
     * was changed meanwhile.
     */
    private boolean settleWithLaunch(LeasedRun run, SandboxId sandbox, String handle, Task task) {
        StoredRun before = run.stored();
        boolean isUnchanged =
                !run.hasSupervisionEnded()
                        && LaunchFailureHandler.isWaitingFor(sandbox, before)
                        && before.run().status() == RunStatus.QUEUED
                        && before.stopReason().isEmpty();
        Optional<SandboxExit> exit =
                isUnchanged && run.hasSandboxEndedDuringWork()
                        ? inspector.inspect(run).exit().filter(SandboxLaunchStep::leftNothingToKeep)
                        : Optional.empty();
        if (exit.isEmpty()) {
            return false;
        }
        StoredRun launched = inProgress(before, handle);
        StoredRun ended =
                SandboxOutcome.exited(
                        launched,
                        engine.now(),
                        exit.get(),
                        List.of(),
                        task.details().jsonSchema(),
                        run.timeouts(options));
        writer.queueSettlement(
                run,
                RunChange.viaIntermediate(before, launched, ended),
                () -> {
                    publishLaunched(launched, sandbox, handle);
                    cleanup.afterEnd(run, sandbox);
                },
                () -> {
                    run.requestCheckAfterWork(); // That check records the end of the sandbox.
                    recordLaunch(run, sandbox, handle);
                });
        return true;
    }

    private static boolean leftNothingToKeep(SandboxExit exit) {
        return exit.artifacts().isEmpty()
                && exit.notes().isEmpty()
                && exit.report().conversation().isEmpty()
                && exit.report().retryAt().isEmpty();
    }

    private StoredRun inProgress(StoredRun current, String handle) {
        Run.Builder edit = current.run().change(engine.now());
        if (current.run().status() == RunStatus.QUEUED && !current.isRestarting()) {
            edit.status(RunStatus.IN_PROGRESS);
        }
        return current.withRun(edit.build(), entry -> entry.launched(handle, engine.now()));
    }

    private void publishLaunched(StoredRun stored, SandboxId sandbox, String handle) {
        LOG.info("launched sandbox {} as {}", sandbox, handle);
        Instant queuedAt =
                stored.entry().map(QueueEntry::queuedAt).orElse(stored.run().createdAt());
        listeners.publish(
                new DispatchEvent.Launched(stored.run(), Duration.between(queuedAt, engine.now())));
    }
}
