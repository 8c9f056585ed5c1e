package dev.errand.dispatch;

import dev.errand.RunTokens;
import dev.errand.engine.Engine;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.dispatch.Dispatch;
import dev.errand.spi.dispatch.SandboxExit;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxRef;
import dev.errand.spi.dispatch.SandboxState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunAdvance;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskWithRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a dispatcher does for one run whose lease it holds: look, and take the next step (design 5).
 * Every step is recorded under the lease; whoever lost it stops acting.
 */
final class Attendance {

    private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);

    private final Engine engine;
    private final RunTokens tokens;
    private final SandboxLauncher launcher;
    private final SandboxListener listener;
    private final DispatchOptions options;

    Attendance(
            Engine engine,
            RunTokens tokens,
            SandboxLauncher launcher,
            SandboxListener listener,
            DispatchOptions options) {
        this.engine = engine;
        this.tokens = tokens;
        this.launcher = launcher;
        this.listener = listener;
        this.options = options;
    }

    /** Takes the next step. What throws here is tried again at the next look. */
    void attend(Supervised run) {
        if (run.isFirstLook()) {
            checkTask(run);
        }
        Dispatch dispatch = run.run().dispatch();
        if (dispatch.stop().isPresent() || run.run().status().isTerminal()) {
            stop(run);
            return;
        }
        switch (dispatch.phase()) {
            case WAITING -> launchOrAdopt(run);
            case LAUNCHED -> watch(run);
            case NONE, DONE -> run.over();
        }
    }

    /** The task may be deleted by someone who did not come as far as its runs. */
    private void checkTask(Supervised run) {
        if (findTask(run).isEmpty() && run.run().dispatch().stop().isEmpty()) {
            record(
                    run,
                    current -> {
                        Run.Edit edit = current.change(engine.now());
                        return edit.dispatch(
                                        current.dispatch()
                                                .stopping(
                                                        Dispatch.StopCause.TASK_DELETED,
                                                        engine.now()))
                                .build();
                    });
        }
    }

    private void launchOrAdopt(Supervised run) {
        if (run.run().status() != RunStatus.QUEUED) {
            adoptOrLeave(run);
            return;
        }
        Optional<Task> task = findTask(run);
        Instant queuedAt = run.run().dispatch().queuedAt().orElse(run.run().createdAt());
        if (task.isEmpty()) {
            checkTask(run);
        } else if (engine.now().isAfter(queuedAt.plus(options.window()))) {
            giveUp(run, EndReason.LAUNCH_FAILED, launchFailure(lastFailure(run.run())));
        } else {
            launch(run, task.get());
        }
    }

    private void launch(Supervised run, Task task) {
        SandboxRef sandbox = run.sandbox();
        String handle;
        try {
            if (LaunchPlan.lacksCredential(engine, run.run())) {
                giveUp(
                        run,
                        EndReason.CREDENTIAL_EXPIRED,
                        "The github_user_token of this run expired before it could be started.");
                return;
            }
            handle =
                    launcher.launch(
                            sandbox.project(),
                            LaunchPlan.of(engine, tokens, options, task, run.run()),
                            listener);
        } catch (RuntimeException failure) {
            launchFailed(run, sandbox, failure);
            return;
        }
        LOG.info("launched {} as {}", sandbox, handle);
        record(
                run,
                current -> {
                    if (current.dispatch().attempt() != sandbox.attempt()) {
                        return current;
                    }
                    Run.Edit edit = current.change(engine.now());
                    edit.dispatch(current.dispatch().launched(handle, engine.now()));
                    if (current.status() == RunStatus.QUEUED) {
                        edit.active(RunStatus.IN_PROGRESS);
                    }
                    return edit.build();
                });
        if (run.isOver() || !run.sandbox().equals(sandbox)) {
            // It took longer than the lease, or another execution was asked for: this is nobody's.
            LOG.warn("{} was replaced while it was launched; stopping it", sandbox);
            putAway(sandbox, options.stopGrace());
        }
    }

    /**
     * Nothing is known of what a failed launch did: what it may have started is stopped, and can
     * write nothing more.
     */
    private void launchFailed(Supervised run, SandboxRef sandbox, RuntimeException failure) {
        LOG.warn("could not launch {}", sandbox, failure);
        putAway(sandbox, Duration.ZERO);
        if (failure instanceof BackendException fault && !fault.isRetryable()) {
            giveUp(run, EndReason.LAUNCH_FAILED, launchFailure(LaunchPlan.describe(failure)));
            return;
        }
        Instant retryAt = engine.now().plus(backOff(run.run().dispatch().failures()));
        settle(
                run,
                current ->
                        current.change(engine.now())
                                .dispatch(
                                        current.dispatch()
                                                .launchFailed(
                                                        LaunchPlan.describe(failure), retryAt))
                                .build());
    }

    /** Ends a sandbox that is nobody's, and gives up what it left behind once it is over. */
    private void putAway(SandboxRef sandbox, Duration grace) {
        try {
            launcher.stop(sandbox.project(), sandbox, Dispatch.StopCause.CANCELLED, grace);
            SandboxState state = launcher.inspect(sandbox.project(), sandbox, listener);
            if (!(state instanceof SandboxState.Running)) {
                launcher.discard(sandbox.project(), sandbox);
            }
        } catch (RuntimeException failure) {
            LOG.warn("could not put {} away", sandbox, failure);
        }
    }

    /**
     * The run became active without us: our own agent was quick, or somebody else runs it (contract
     * G3).
     */
    private void adoptOrLeave(Supervised run) {
        SandboxRef sandbox = run.sandbox();
        SandboxState state = launcher.inspect(sandbox.project(), sandbox, listener);
        if (state instanceof SandboxState.Gone) {
            settle(
                    run,
                    current ->
                            current.change(engine.now())
                                    .dispatch(current.dispatch().done())
                                    .build());
            launcher.discard(sandbox.project(), sandbox);
            return;
        }
        record(
                run,
                current -> {
                    Run.Edit edit = current.change(engine.now());
                    return edit.dispatch(
                                    current.dispatch().launched(sandbox.toString(), engine.now()))
                            .build();
                });
    }

    private void watch(Supervised run) {
        SandboxRef sandbox = run.sandbox();
        SandboxState state = launcher.inspect(sandbox.project(), sandbox, listener);
        if (!(state instanceof SandboxState.Running)) {
            end(run, state);
        }
    }

    private void stop(Supervised run) {
        SandboxRef sandbox = run.sandbox();
        SandboxState state = launcher.inspect(sandbox.project(), sandbox, listener);
        if (!(state instanceof SandboxState.Running)) {
            end(run, state);
            return;
        }
        Dispatch.StopCause cause = run.run().dispatch().stop().orElse(Dispatch.StopCause.ENDED);
        boolean mayFinish =
                cause == Dispatch.StopCause.ENDED
                        && run.run()
                                .completedAt()
                                .map(end -> engine.now().isBefore(end.plus(options.endGrace())))
                                .orElse(false);
        if (!mayFinish) {
            launcher.stop(sandbox.project(), sandbox, cause, options.stopGrace());
        }
    }

    private void end(Supervised run, SandboxState state) {
        SandboxRef sandbox = run.sandbox();
        if (state instanceof SandboxState.Exited exited) {
            SandboxExit exit = exited.exit();
            List<Artifact> produced = Produce.keep(engine, sandbox, exit.artifacts());
            Optional<Task> task = findTask(run);
            settle(
                    run,
                    current ->
                            SandboxOutcome.exited(
                                    current.change(engine.now()),
                                    current,
                                    exit,
                                    produced,
                                    task.flatMap(found -> found.details().jsonSchema())));
        } else {
            settle(run, current -> SandboxOutcome.gone(current.change(engine.now()), current));
        }
        if (run.run().status().isTerminal()) {
            engine.backend().secrets().erase(sandbox.project(), sandbox.run());
        }
        launcher.discard(sandbox.project(), sandbox);
    }

    private void giveUp(Supervised run, EndReason reason, String message) {
        settle(
                run,
                current ->
                        current.status().isTerminal()
                                ? current.change(engine.now())
                                        .dispatch(current.dispatch().done())
                                        .build()
                                : current.change(engine.now())
                                        .ended(RunStatus.FAILED, reason)
                                        .errorMessage(Optional.of(message))
                                        .dispatch(current.dispatch().done())
                                        .build());
        engine.backend().secrets().erase(run.run().project(), run.run().id());
    }

    private static String launchFailure(String cause) {
        return "Failed to start task workflow: " + cause;
    }

    private String lastFailure(Run run) {
        return run.dispatch()
                .lastFailure()
                .orElse("no sandbox could be started within " + options.window());
    }

    private Duration backOff(int failures) {
        Duration doubled = options.firstRetryAfter().multipliedBy(1L << Math.min(failures, 20));
        Duration bounded =
                doubled.compareTo(options.longestRetryAfter()) > 0
                        ? options.longestRetryAfter()
                        : doubled;
        // Between half and whole: many runs that failed together do not come back together.
        return Duration.ofNanos(
                (long) (bounded.toNanos() * (0.5 + engine.random().nextDouble() / 2)));
    }

    /** Records a step and keeps the lease. */
    private void record(Supervised run, Function<Run, Run> decision) {
        advance(run, decision, false);
    }

    /**
     * Records a step after which this dispatcher has nothing to do with the run; the lease ends
     * with it.
     */
    private void settle(Supervised run, Function<Run, Run> decision) {
        if (advance(run, decision, true)) {
            run.over();
        }
    }

    private boolean advance(Supervised run, Function<Run, Run> decision, boolean releases) {
        Run before = run.run();
        while (true) {
            Run after = decision.apply(before);
            if (after == before) {
                run.changed(before);
                return true;
            }
            Run from = before;
            RunChange plain = RunChange.of(from, after).under(run.lease());
            RunChange change = releases ? plain.releasing() : plain;
            RunAdvance answer =
                    engine.events()
                            .committing(
                                    from.id(),
                                    () -> engine.backend().runs().advance(from.project(), change),
                                    committed ->
                                            committed instanceof RunAdvance.Advanced advanced
                                                    ? new RunEvent.RunChanged(
                                                            Optional.of(from), advanced.run())
                                                    : null);
            if (answer instanceof RunAdvance.Advanced advanced) {
                run.changed(advanced.run());
                return true;
            }
            if (answer instanceof RunAdvance.Stale stale) {
                before = stale.current();
                continue;
            }
            LOG.info("lost the lease on run {}", from.id());
            run.over();
            return false;
        }
    }

    private Optional<Task> findTask(Supervised run) {
        return engine.backend()
                .tasks()
                .find(run.run().project(), run.run().task())
                .map(TaskWithRun::task);
    }
}
