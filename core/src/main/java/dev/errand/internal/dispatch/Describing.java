package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.GracePeriods;
import dev.errand.internal.engine.Engine;
import dev.errand.run.RunDescription;
import dev.errand.run.RunDescription.Why;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import java.time.Instant;
import java.util.Optional;

/** Tells why a run is where it is, by the facts and limits that a dispatcher goes by. */
public final class Describing {

    private static final String NOTHING_MORE = "Nothing more happens to it.";

    private Describing() {}

    /**
     * Describes a run.
     *
     * @param options those of the dispatchers that look after it
     */
    @SuppressWarnings("exports") // Only this module can call it.
    public static RunDescription describe(Engine engine, DispatchOptions options, Run run) {
        DispatchState dispatch = run.dispatch();
        return dispatch.phase().isActive()
                ? owed(engine, options, run)
                        .under(engine.backend().queue().findLease(run.project(), run.id()))
                : atRest(run);
    }

    private static RunDescription owed(Engine engine, DispatchOptions options, Run run) {
        DispatchState dispatch = run.dispatch();
        if (dispatch.stop().isPresent() || run.status().isTerminal()) {
            return stopping(run, options.gracePeriods(), engine.now());
        }
        if (dispatch.phase() == DispatchState.Phase.LAUNCHED) {
            return running(engine, options.timeouts().of(run), run);
        }
        if (run.status() != RunStatus.QUEUED) {
            return of(
                    run,
                    Why.REPORTED_EARLY,
                    "An agent reported before a launch was recorded.",
                    "A dispatcher looks whether it is its own, and leaves it alone if not.",
                    dispatch.dueAt());
        }
        return dispatch.failures() == 0
                ? queued(run, options)
                : backingOff(run, options, engine.now());
    }

    private static RunDescription atRest(Run run) {
        if (run.status().isTerminal()) {
            String end = run.endReason().map(Describing::words).orElse("it is not known why");
            String message = run.errorMessage().map(text -> " " + text).orElse("");
            return of(
                    run,
                    Why.ENDED,
                    "The run is %s: %s.%s".formatted(run.status().wire(), end, message),
                    NOTHING_MORE,
                    Optional.empty());
        }
        return run.status() == RunStatus.NOT_STARTED
                ? of(
                        run,
                        Why.NOT_STARTED,
                        "The run is recorded and was not started.",
                        "It stays so until somebody starts it or reports on it.",
                        Optional.empty())
                : of(
                        run,
                        Why.ELSEWHERE,
                        "Somebody executes the run whom no dispatcher looks after.",
                        "Whoever executes it reports its end.",
                        Optional.empty());
    }

    private static RunDescription queued(Run run, DispatchOptions options) {
        Instant since = queuedAt(run);
        return of(
                run,
                Why.QUEUED,
                "The run is queued since %s, and no launch was tried yet.".formatted(since),
                "A dispatcher with room launches it; if none has room in time, it fails.",
                Optional.of(since.plus(options.timeouts().of(run).queued())));
    }

    private static RunDescription backingOff(Run run, DispatchOptions options, Instant now) {
        DispatchState dispatch = run.dispatch();
        boolean over = options.retries().areExhausted(dispatch, queuedAt(run), now);
        return of(
                run,
                Why.BACKING_OFF,
                "%d of its launches failed, the last one because: %s."
                        .formatted(dispatch.failures(), dispatch.lastFailure().orElse("unknown")),
                over ? "It fails." : "Attempt %d is launched.".formatted(dispatch.attempt()),
                dispatch.dueAt());
    }

    private static RunDescription running(Engine engine, DispatchTimeouts limits, Run run) {
        DispatchState dispatch = run.dispatch();
        Instant since = dispatch.dueAt().orElseThrow();
        Instant timeLimit = since.plus(limits.total());
        if (new PendingPermissions().arePending(engine, run)) {
            return of(
                    run,
                    Why.WAITING_FOR_PERSON,
                    "Its agent waits for a person to allow something.",
                    "It goes on when somebody answers; at its time limit it is stopped.",
                    Optional.of(timeLimit));
        }
        Instant heard = Hearing.lastHeard(engine, run);
        Instant silent = heard.plus(limits.inactivity());
        return of(
                run,
                Why.RUNNING,
                "Its sandbox %s runs since %s and was heard last at %s."
                        .formatted(dispatch.handle().orElse("without a name"), since, heard),
                silent.isBefore(timeLimit)
                        ? "Unless it is heard again before, it is stopped for its silence."
                        : "Unless it ends before, it is stopped at its time limit.",
                Optional.of(silent.isBefore(timeLimit) ? silent : timeLimit));
    }

    private static RunDescription stopping(Run run, GracePeriods gracePeriods, Instant now) {
        if (DispatchFacts.Stop.of(run, gracePeriods, now) == DispatchFacts.Stop.SOON) {
            return of(
                    run,
                    Why.FINISHING,
                    "The run is %s, and its sandbox may send what is left."
                            .formatted(run.status().wire()),
                    "The sandbox is stopped.",
                    run.completedAt().map(end -> end.plus(gracePeriods.end())));
        }
        DispatchState.StopReason cause =
                run.dispatch().stop().orElse(DispatchState.StopReason.ENDED);
        Instant since = run.dispatch().dueAt().orElseThrow();
        boolean ends =
                !run.status().isTerminal()
                        && cause != DispatchState.StopReason.HANDOFF
                        && cause != DispatchState.StopReason.ENDED;
        return of(
                run,
                Why.STOPPING,
                "Its sandbox is to stop since %s: %s.".formatted(since, words(cause)),
                ends
                        ? "The sandbox is asked until it has stopped, and then the run ends."
                        : "The sandbox is asked until it has stopped.",
                ends ? Optional.of(since.plus(gracePeriods.confirm())) : Optional.empty());
    }

    private static Instant queuedAt(Run run) {
        return run.dispatch().queuedAt().orElse(run.createdAt());
    }

    private static String words(DispatchState.StopReason cause) {
        return switch (cause) {
            case CANCELLED -> "it was cancelled";
            case TASK_DELETED -> "its task was deleted";
            case ENDED -> "its run has ended";
            case HANDOFF -> "it was handed off to a person's machine";
            case TIME_LIMIT -> "it took longer than it may";
            case INACTIVITY -> "it was silent for longer than it may be";
        };
    }

    private static String words(EndReason reason) {
        return switch (reason) {
            case REPORTED -> "somebody reported it";
            case OUTPUT_ACCEPTED -> "its output satisfied the task's schema";
            case SANDBOX_EXITED -> "its sandbox ended";
            case SANDBOX_LOST -> "its sandbox vanished";
            case QUEUE_EXPIRED -> "no dispatcher had room for it in time";
            case LAUNCH_FAILED -> "no sandbox could be started";
            case LAUNCH_TIMEOUT -> "its launch took longer than it may";
            case CREDENTIAL_EXPIRED -> "a credential expired before it could be started";
            case TIME_LIMIT -> "it took longer than it may";
            case INACTIVITY -> "it was silent for longer than it may be";
            case CANCELLED -> "somebody cancelled it";
            case TASK_DELETED -> "its task was deleted";
        };
    }

    private static RunDescription of(
            Run run, Why why, String sentence, String next, Optional<Instant> nextAt) {
        return new RunDescription(run, why, sentence, next, nextAt, Optional.empty());
    }
}
