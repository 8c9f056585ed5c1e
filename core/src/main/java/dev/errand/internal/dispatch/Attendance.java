package dev.errand.internal.dispatch;

import dev.errand.access.RunTokens;
import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.RunSecrets;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.SandboxExit;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskWithLatestRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a dispatcher does for one run whose lease it holds: gather the facts, ask {@link
 * DispatchRules} for the next step, and take it. Every step is recorded under the lease; whoever
 * lost it stops acting.
 */
public final class Attendance {

    private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);

    private final Engine engine;
    private final LauncherCalls calls;
    private final DispatchOptions options;
    private final Recorder recorder;
    private final Launching launching;
    private final Hearing hearing;

    public Attendance(
            Engine engine,
            RunTokens tokens,
            LauncherCalls calls,
            DispatchOptions options,
            Recorder recorder) {
        this.engine = engine;
        this.calls = calls;
        this.options = options;
        this.recorder = recorder;
        this.launching = new Launching(engine, tokens, calls, options, recorder);
        this.hearing = new Hearing(engine);
    }

    /** Takes the next step. What throws here is tried again at the next look. */
    public void attend(Supervised run) {
        Optional<Task> task = Optional.empty();
        if (run.isFirstLook()) {
            task = run.task().or(() -> findTask(run));
            if (task.isEmpty()) {
                callOff(run, DispatchState.StopReason.TASK_DELETED);
            }
        }
        Sight sight = Sight.NONE;
        while (!run.isOver()) {
            DispatchStep step = DispatchRules.stepFor(facts(run, sight));
            if (step != DispatchStep.INSPECT) {
                take(step, run, sight, task);
                return;
            }
            sight = look(run);
        }
    }

    /** Counts a launch as failed that does not come back; from another thread than its own. */
    public void launchIsStuck(Supervised run) {
        launching.tookTooLong(run);
    }

    private DispatchFacts facts(Supervised run, Sight sight) {
        Run current = run.run();
        Instant now = engine.now();
        // Who cannot be seen is not judged by its silence.
        Instant lastHeard =
                sight.state() == DispatchFacts.Sandbox.RUNNING
                        ? hearing.lastHeard(run, options.timeouts().of(current).inactivity(), now)
                        : now;
        return new DispatchFacts(
                current.dispatch().phase(),
                DispatchFacts.Standing.of(current),
                DispatchFacts.Stop.of(current, options.gracePeriods(), now),
                sight.state(),
                Overdue.of(current, options, lastHeard, now));
    }

    private void take(DispatchStep step, Supervised run, Sight sight, Optional<Task> task) {
        switch (step) {
            case LET_GO -> run.over();
            case LAUNCH -> launch(run, task.or(() -> findTask(run)));
            case EXPIRE ->
                    launching.giveUp(
                            run,
                            EndReason.QUEUE_EXPIRED,
                            LaunchFailure.expired(options.timeouts().of(run.run()).queued()));
            case GIVE_UP -> launching.giveUp(run);
            case ADOPT -> adopt(run);
            case LEAVE -> leave(run);
            case INSPECT, WATCH, LOOK_AGAIN, LET_FINISH -> {}
            case STOP_SILENT -> stopSilent(run);
            case STOP_OVERTIME -> {
                callOff(run, DispatchState.StopReason.TIME_LIMIT);
                stop(run);
            }
            case STOP -> stop(run);
            case END_UNCONFIRMED -> endUnconfirmed(run);
            case RECORD_EXIT -> recordExit(run, sight.exit().orElseThrow());
            case RECORD_GONE -> recordGone(run);
        }
    }

    /** What the launcher says; one that throws or talks nonsense does not know. */
    private Sight look(Supervised run) {
        SandboxId sandbox = run.sandbox();
        try {
            Sight sight = Sight.of(calls.inspect(run, sandbox));
            if (sight.state() == DispatchFacts.Sandbox.UNKNOWN) {
                LOG.warn("the launcher gave no answer that makes sense about {}", sandbox);
            }
            // Who comes back after nobody waited for it any more adopts nothing.
            if (!run.isOver()
                    && run.isFirstSight()
                    && sight.state() == DispatchFacts.Sandbox.RUNNING) {
                LOG.info("adopted {}", sandbox);
                recorder.tell(new DispatchEvent.Adopted(run.run()));
            }
            return sight;
        } catch (RuntimeException failure) {
            LOG.warn("the launcher cannot say how {} is", sandbox, failure);
            return Sight.UNKNOWN;
        }
    }

    private void launch(Supervised run, Optional<Task> task) {
        if (task.isEmpty()) {
            callOff(run, DispatchState.StopReason.TASK_DELETED);
            return;
        }
        if (!engine.backend().clock().instant().isBefore(run.lease().until())) {
            LOG.warn("the lease on run {} ran out before its launch", run.run().id());
            run.renewNow(); // Somebody else may have begun.
            return;
        }
        SandboxId sandbox = run.sandbox();
        Optional<String> handle = launching.launch(run, task.get());
        if (handle.isPresent() && !endedAtOnce(run, sandbox, handle.get(), task.get())) {
            launching.launched(run, sandbox, handle.get());
        }
    }

    /**
     * Whether the sandbox ended while it was launched; then its start and its end are recorded in
     * one step. What left files behind, or was meddled with, takes one step after the other.
     */
    private boolean endedAtOnce(Supervised run, SandboxId sandbox, String handle, Task task) {
        Run before = run.run();
        boolean untouched =
                !run.isOver()
                        && Launching.isWaitingFor(sandbox, before)
                        && before.status() == RunStatus.QUEUED
                        && before.dispatch().stop().isEmpty();
        Optional<SandboxExit> seen =
                run.isTold() && untouched
                        ? look(run).exit().filter(exit -> exit.artifacts().isEmpty())
                        : Optional.empty();
        if (seen.isEmpty()) {
            return false;
        }
        Run between = launching.inProgress(before, handle);
        Run after =
                SandboxOutcome.exited(
                        between.change(engine.now()),
                        between,
                        seen.get(),
                        List.of(),
                        task.details().jsonSchema(),
                        options.timeouts().of(between));
        recorder.settleSoon(
                new Settling(
                        run,
                        RunChange.viaIntermediate(before, between, after),
                        true,
                        () -> {
                            launching.tellLaunched(between, sandbox, handle);
                            afterwards(run, sandbox);
                        },
                        () -> {
                            run.told(); // Its end is to be looked at once it is launched.
                            launching.launched(run, sandbox, handle);
                        }));
        return true;
    }

    /** Our own agent was quick, or whoever launched it could not record that. */
    private void adopt(Supervised run) {
        SandboxId sandbox = run.sandbox();
        recorder.record(
                run,
                current ->
                        current.change(engine.now())
                                .dispatch(
                                        current.dispatch()
                                                .launched(sandbox.toString(), engine.now()))
                                .build());
    }

    /** Once somebody else's agent is at work the run is nobody's to launch (contract G3). */
    private void leave(Supervised run) {
        SandboxId sandbox = run.sandbox();
        boolean settled =
                recorder.settle(
                        run,
                        current ->
                                current.change(engine.now())
                                        .dispatch(current.dispatch().done())
                                        .build());
        if (settled) {
            calls.discard(run, sandbox);
        }
    }

    private void stopSilent(Supervised run) {
        Duration limit = options.timeouts().of(run.run()).inactivity();
        boolean ours =
                recorder.record(
                        run,
                        current -> {
                            // What is known here may be old: a report ends the silence.
                            boolean silent = engine.now().isAfter(current.updatedAt().plus(limit));
                            return silent
                                    ? calledOff(current, DispatchState.StopReason.INACTIVITY)
                                    : current;
                        });
        if (ours && run.run().dispatch().stop().isPresent()) {
            stop(run);
        }
    }

    /** The intent is stored first, whatever becomes of us. */
    private void callOff(Supervised run, DispatchState.StopReason cause) {
        recorder.record(run, current -> calledOff(current, cause));
    }

    private Run calledOff(Run current, DispatchState.StopReason cause) {
        boolean alreadyOff =
                current.status().isTerminal()
                        || !current.dispatch().phase().isActive()
                        || current.dispatch().stop().isPresent();
        return alreadyOff
                ? current
                : current.change(engine.now())
                        .dispatch(current.dispatch().stopping(cause, engine.now()))
                        .build();
    }

    private void stop(Supervised run) {
        if (run.isOver()) {
            return;
        }
        SandboxId sandbox = run.sandbox();
        DispatchState.StopReason cause =
                run.run().dispatch().stop().orElse(DispatchState.StopReason.ENDED);
        calls.stop(run, sandbox, cause, options.gracePeriods().stop());
    }

    /** A run does not stay open because a launcher is silent; its sandbox stays owed a stop. */
    private void endUnconfirmed(Supervised run) {
        LOG.warn(
                "nobody confirmed within {} that {} stopped",
                options.gracePeriods().confirm(),
                run.sandbox());
        recorder.record(
                run,
                current ->
                        SandboxOutcome.unconfirmed(
                                current.change(engine.now()),
                                current,
                                options.timeouts().of(current)));
        if (!run.isOver()) {
            stop(run);
        }
    }

    private void recordExit(Supervised run, SandboxExit exit) {
        SandboxId sandbox = run.sandbox();
        Instant since = run.collectsSince(engine.now());
        boolean patient = !engine.now().isAfter(since.plus(options.retries().window()));
        Produce.Kept kept = Produce.keep(engine, sandbox, exit.artifacts(), patient);
        Optional<Task> task = findTask(run);
        recorder.settleSoon(
                run,
                current ->
                        SandboxOutcome.exited(
                                current.change(engine.now()),
                                current,
                                kept.completing(exit),
                                kept.artifacts(),
                                task.flatMap(found -> found.details().jsonSchema()),
                                options.timeouts().of(current)),
                () -> afterwards(run, sandbox));
    }

    private void recordGone(Supervised run) {
        SandboxId sandbox = run.sandbox();
        boolean settled =
                recorder.settle(
                        run,
                        current ->
                                SandboxOutcome.gone(
                                        current.change(engine.now()),
                                        current,
                                        options.timeouts().of(current)));
        if (settled) {
            afterwards(run, sandbox);
        }
    }

    /** Only who recorded the end may clean up: until then another owner needs what is there. */
    private void afterwards(Supervised run, SandboxId sandbox) {
        if (run.run().status().isTerminal() && RunSecrets.mayBelongTo(run.run())) {
            engine.backend().secrets().erase(sandbox.project(), sandbox.run());
        }
        calls.discard(run, sandbox);
    }

    private Optional<Task> findTask(Supervised run) {
        return engine.backend()
                .tasks()
                .find(run.run().project(), run.run().task())
                .map(TaskWithLatestRun::task);
    }

    /**
     * What was seen of a sandbox.
     *
     * @param exit how it ended, if it has
     */
    private record Sight(DispatchFacts.Sandbox state, Optional<SandboxExit> exit) {

        static final Sight NONE = new Sight(DispatchFacts.Sandbox.UNSEEN, Optional.empty());
        static final Sight UNKNOWN = new Sight(DispatchFacts.Sandbox.UNKNOWN, Optional.empty());

        static Sight of(SandboxState state) {
            if (state instanceof SandboxState.Exited exited && exited.exit() != null) {
                return new Sight(DispatchFacts.Sandbox.EXITED, Optional.of(exited.exit()));
            }
            if (state instanceof SandboxState.Running) {
                return new Sight(DispatchFacts.Sandbox.RUNNING, Optional.empty());
            }
            return state instanceof SandboxState.Gone
                    ? new Sight(DispatchFacts.Sandbox.GONE, Optional.empty())
                    : UNKNOWN;
        }
    }
}
