package dev.errand.internal.dispatch;

import dev.errand.access.RunTokens;
import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.RunSecrets;
import dev.errand.spi.BackendException;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one sandbox up, or records why not (contract G6).
 *
 * <p>An attempt that failed is replaced by the next one in storage before its sandbox is put away:
 * so nobody ever ends a sandbox that another owner has adopted under the same attempt.
 */
public final class Launching {

    private static final Logger LOG = LoggerFactory.getLogger(Launching.class);
    private static final int MAX_HANDLE_LENGTH = 500;

    private final Engine engine;
    private final RunTokens tokens;
    private final LauncherCalls calls;
    private final DispatchOptions options;
    private final Recorder recorder;

    public Launching(
            Engine engine,
            RunTokens tokens,
            LauncherCalls calls,
            DispatchOptions options,
            Recorder recorder) {
        this.engine = engine;
        this.tokens = tokens;
        this.calls = calls;
        this.options = options;
        this.recorder = recorder;
    }

    /**
     * Launches the sandbox of the run's present attempt.
     *
     * @return what the launcher calls it, to be recorded; empty if it is not up, which is recorded
     */
    public Optional<String> launch(Supervised run, Task task) {
        SandboxId sandbox = run.sandbox();
        LaunchRequest request;
        try {
            if (LaunchPlan.lacksCredential(engine, run.run())) {
                giveUp(
                        run,
                        EndReason.CREDENTIAL_EXPIRED,
                        "The github_user_token of this run expired before it could be started.");
                return Optional.empty();
            }
            request = LaunchPlan.of(engine, tokens, options, task, run.run());
        } catch (BackendException fault) {
            if (fault.isRetryable()) {
                throw fault; // Storage is away for a while: the next look begins anew.
            }
            failed(run, sandbox, fault);
            return Optional.empty();
        }
        if (run.run().dispatch().failures() > 0) {
            // Who recorded that failure may have died before it could clean up.
            putAway(run, predecessor(sandbox), Duration.ZERO);
        }
        try {
            return Optional.of(checked(calls.launch(run, request)));
        } catch (RuntimeException failure) {
            failed(run, sandbox, failure);
            return Optional.empty();
        }
    }

    private static String checked(String handle) {
        if (handle == null || handle.isBlank()) {
            throw new IllegalStateException(LaunchFailure.noHandle());
        }
        String clean = LaunchFailure.clean(handle);
        return clean.length() <= MAX_HANDLE_LENGTH ? clean : clean.substring(0, MAX_HANDLE_LENGTH);
    }

    private static SandboxId predecessor(SandboxId sandbox) {
        return new SandboxId(
                sandbox.project(), sandbox.task(), sandbox.run(), sandbox.attempt() - 1);
    }

    /** Records that a sandbox is up. */
    public void launched(Supervised run, SandboxId sandbox, String handle) {
        boolean recorded =
                !run.isOver()
                        && recorder.record(
                                run,
                                current ->
                                        isWaitingFor(sandbox, current)
                                                ? inProgress(current, handle)
                                                : current);
        if (!recorded || !run.sandbox().equals(sandbox)) {
            // It took too long, or another execution was asked for.
            putAwayUnlessOwned(run, sandbox);
            return;
        }
        tellLaunched(run.run(), sandbox, handle);
    }

    /** Tells that it is recorded that a sandbox is up. */
    public void tellLaunched(Run current, SandboxId sandbox, String handle) {
        LOG.info("launched {} as {}", sandbox, handle);
        Instant queuedAt = current.dispatch().queuedAt().orElse(current.createdAt());
        recorder.tell(
                new DispatchEvent.Launched(current, Duration.between(queuedAt, engine.now())));
    }

    /** The run once its sandbox is up. */
    public Run inProgress(Run current, String handle) {
        Run.Builder edit = current.change(engine.now());
        edit.dispatch(current.dispatch().launched(handle, engine.now()));
        if (current.status() == RunStatus.QUEUED) {
            edit.active(RunStatus.IN_PROGRESS);
        }
        return edit.build();
    }

    private void failed(Supervised run, SandboxId sandbox, RuntimeException failure) {
        if (run.run().dispatch().failures() == 0) {
            LOG.warn("could not launch {}", sandbox, failure);
        } else {
            LOG.warn("could not launch {} either: {}", sandbox, failure.toString());
        }
        if (run.isOver()) {
            putAwayUnlessOwned(run, sandbox); // Whoever gave up waiting has recorded why.
            return;
        }
        boolean hopeless = failure instanceof BackendException fault && !fault.isRetryable();
        if (!recordFailure(run, sandbox, LaunchFailure.thrown(failure), hopeless)) {
            return;
        }
        if (hopeless) {
            giveUp(run);
        } else {
            // Nothing is known of what the launch did, but nobody adopts it any more.
            putAway(run, sandbox, Duration.ZERO);
            recorder.release(run);
        }
    }

    /** Counts a launch as failed that does not come back; its own thread finds that out itself. */
    public void tookTooLong(Supervised run) {
        SandboxId sandbox = run.sandbox();
        Duration limit = options.timeouts().of(run.run()).launch();
        LOG.warn("gave up waiting for the launch of {} after {}", sandbox, limit);
        recordFailure(run, sandbox, LaunchFailure.tooSlow(limit), false);
        recorder.release(run);
    }

    /** Whether the failure is recorded, and with it the attempt replaced by the next one. */
    private boolean recordFailure(
            Supervised run, SandboxId sandbox, String cause, boolean hopeless) {
        Duration pause =
                hopeless
                        ? Duration.ZERO
                        : options.retries()
                                .pauseAfter(run.run().dispatch().failures(), engine.random());
        boolean recorded =
                recorder.record(
                        run,
                        current ->
                                isWaitingFor(sandbox, current)
                                                && current.status() == RunStatus.QUEUED
                                                && current.dispatch().stop().isEmpty()
                                        ? current.change(engine.now())
                                                .dispatch(
                                                        current.dispatch()
                                                                .launchFailed(
                                                                        cause,
                                                                        engine.now().plus(pause)))
                                                .build()
                                        : current);
        boolean replaced = recorded && run.sandbox().attempt() == sandbox.attempt() + 1;
        if (replaced) {
            recorder.tell(new DispatchEvent.LaunchFailed(run.run(), cause));
        }
        return replaced;
    }

    /** Whether a run waits for just this sandbox. */
    public static boolean isWaitingFor(SandboxId sandbox, Run current) {
        return current.dispatch().phase() == DispatchState.Phase.WAITING
                && current.dispatch().attempt() == sandbox.attempt();
    }

    /** Fails a run whose launches failed, for the last one's cause. */
    public void giveUp(Supervised run) {
        DispatchState dispatch = run.run().dispatch();
        if (dispatch.failures() > 0) {
            putAway(run, predecessor(run.sandbox()), Duration.ZERO);
        }
        giveUp(
                run,
                LaunchFailure.reason(dispatch),
                LaunchFailure.message(dispatch.lastFailure().orElse("no cause is known")));
    }

    /** Fails a run that has no sandbox. */
    public void giveUp(Supervised run, EndReason reason, String message) {
        boolean settled =
                recorder.settle(
                        run,
                        current -> {
                            Run.Builder edit = current.change(engine.now());
                            edit.dispatch(current.dispatch().done());
                            if (!current.status().isTerminal()) {
                                edit.ended(RunStatus.FAILED, reason)
                                        .errorMessage(Optional.of(message));
                            }
                            return edit.build();
                        });
        if (settled && RunSecrets.mayBelongTo(run.run())) {
            engine.backend().secrets().erase(run.run().project(), run.run().id());
        }
    }

    /**
     * Ends a sandbox that came up too late, unless the run is still waiting for just this one: then
     * whoever has its lease adopts it.
     */
    private void putAwayUnlessOwned(Supervised run, SandboxId sandbox) {
        boolean owned =
                engine.backend()
                        .runs()
                        .find(sandbox.project(), sandbox.task(), sandbox.run())
                        .filter(it -> it.dispatch().phase().isActive())
                        .filter(it -> it.dispatch().attempt() == sandbox.attempt())
                        .isPresent();
        if (owned) {
            LOG.info("{} is up, and somebody else's by now", sandbox);
        } else {
            LOG.warn("{} was replaced while it was launched; stopping it", sandbox);
            putAway(run, sandbox, options.gracePeriods().stop());
        }
    }

    /** Ends a sandbox that is nobody's, and gives up what it left behind once it is over. */
    private void putAway(Supervised run, SandboxId sandbox, Duration grace) {
        try {
            calls.stop(run, sandbox, DispatchState.StopReason.CANCELLED, grace);
            SandboxState state = calls.inspect(run, sandbox);
            if (!(state instanceof SandboxState.Running)) {
                calls.discard(run, sandbox);
            }
        } catch (RuntimeException failure) {
            LOG.warn("could not put {} away", sandbox, failure);
        }
    }
}
