package dev.errand.internal.rules;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.engine.RunCancellation;
import dev.errand.internal.json.JsonObject;
import dev.errand.request.Patch;
import dev.errand.run.RunScheduling;
import dev.errand.run.RunTransitions;
import dev.errand.run.StartRunRequest;
import dev.errand.run.StatusPolicy;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a run when someone reports on it: pure functions from the run and the report to
 * the next version, or the run itself where nothing changes (contract G3 to G5, I2 to I4).
 */
public final class RunChanges {

    private RunChanges() {}

    /** The run after an update (contract I2). */
    public static Run updated(Run run, UpdateRunRequest update, StatusPolicy policy, Instant now) {
        Run.Edit edit = edited(run, update, update.status(), policy, now);
        edit.dispatch(owedAfter(run, update, policy, now));
        return changedOrSame(run, edit.build());
    }

    /**
     * The run after who executed it reported its end; nothing is owed to it any more. An end that
     * it came to before stands, and the rest of the report is kept (contract G3).
     */
    public static Run settled(Run run, UpdateRunRequest report, StatusPolicy policy, Instant now) {
        Optional<RunStatus> status = run.status().isTerminal() ? Optional.empty() : report.status();
        return edited(run, report, status, policy, now).dispatch(run.dispatch().done()).build();
    }

    /**
     * The run after nobody executes it, since it was called off; nothing is owed to it any more.
     */
    public static Run calledOff(Run run, Instant now) {
        Run.Edit edit = run.change(now).dispatch(run.dispatch().done());
        boolean handedOff =
                run.dispatch().stop().equals(Optional.of(DispatchState.StopReason.HANDOFF));
        if (!run.status().isTerminal() && !handedOff) {
            edit.ended(RunStatus.CANCELLED, EndReason.TASK_DELETED);
        }
        return edit.build();
    }

    private static Run.Edit edited(
            Run run,
            UpdateRunRequest update,
            Optional<RunStatus> status,
            StatusPolicy policy,
            Instant now) {
        Run.Edit edit = run.change(now);
        if (update.environment().isPresent() && run.environment() == RunEnvironment.CLOUD) {
            edit.environment(RunEnvironment.LOCAL);
        }
        if (status.isPresent()) {
            moveTo(edit, run, status.get(), policy);
        }
        edit.branch(update.branch().applyTo(run.branch()));
        edit.stage(update.stage().applyTo(run.stage()));
        edit.errorMessage(update.errorMessage().applyTo(run.errorMessage()));
        edit.output(merged(run.output(), update.output()));
        if (update.state().isPresent() || update.stateRemoveKeys().isPresent()) {
            edit.state(
                    RunState.of(run)
                            .patched(update.stateRemoveKeys().orElse(List.of()), update.state())
                            .toJson());
        }
        return edit;
    }

    /**
     * The run after a start (contract I3), queued on these terms; a run that is queued already
     * stays as it is, but for what is pending.
     */
    public static Run started(Run run, StartRunRequest request, RunScheduling terms, Instant now) {
        if (run.environment() != RunEnvironment.CLOUD) {
            throw refused(ErrorCode.NOT_STARTABLE, ErrorCode.NOT_STARTABLE.detail());
        }
        boolean queued = run.status() == RunStatus.QUEUED;
        if (!queued && run.status() != RunStatus.NOT_STARTED) {
            throw refused(
                    ErrorCode.NOT_STARTABLE,
                    "Only queued or not_started cloud runs can be started (current status: "
                            + run.status().wire()
                            + ")");
        }
        Run.Edit edit = run.change(now);
        if (!run.dispatch().phase().isActive()) {
            edit.active(RunStatus.QUEUED).dispatch(terms.of(run.dispatch().queued(now)));
        }
        Optional<String> message = request.pendingUserMessage().filter(text -> !text.isEmpty());
        if (message.isPresent() || !request.pendingUserArtifactIds().isEmpty()) {
            edit.state(
                    RunState.of(run)
                            .pending(
                                    message,
                                    request.pendingUserArtifactIds().stream().distinct().toList())
                            .toJson());
        }
        return changedOrSame(run, edit.build());
    }

    /**
     * The run with another output; one that satisfies the task's schema completes it (contract I4).
     */
    public static Run withOutput(Run run, JsonText output, boolean completes, Instant now) {
        Run.Edit edit = run.change(now).output(Optional.of(output));
        if (completes && !run.status().isTerminal()) {
            edit.ended(RunStatus.COMPLETED, EndReason.OUTPUT_ACCEPTED);
            edit.dispatch(
                    RunCancellation.afterEnd(run.dispatch(), DispatchState.StopReason.ENDED, now));
        }
        return changedOrSame(run, edit.build());
    }

    /**
     * What the output is after a report: an object is laid over an object, anything else replaces.
     */
    public static Optional<JsonText> merged(Optional<JsonText> current, Patch<JsonText> reported) {
        return reported.value().isPresent()
                ? Optional.of(JsonObject.merge(current, reported.value().get()))
                : reported.applyTo(current);
    }

    private static void moveTo(Run.Edit edit, Run run, RunStatus to, StatusPolicy policy) {
        switch (policy.decide(run.status(), to)) {
            case SAME -> {}
            case REFUSED ->
                    throw InvalidRequestException.of(
                            Violation.of(
                                    ErrorCode.INVALID_STATUS_TRANSITION,
                                    "status",
                                    RunTransitions.refusal(run.status(), to)));
            case ALLOWED -> {
                if (to == RunStatus.CANCELLED) {
                    edit.ended(to, EndReason.CANCELLED);
                } else if (to.isTerminal()) {
                    edit.ended(to, EndReason.REPORTED);
                } else {
                    edit.active(to);
                }
            }
        }
    }

    /** What is owed after an update: nobody has to execute what has ended or was handed off. */
    private static DispatchState owedAfter(
            Run run, UpdateRunRequest update, StatusPolicy policy, Instant now) {
        DispatchState dispatch = run.dispatch();
        if (update.environment().isPresent() && run.environment() == RunEnvironment.CLOUD) {
            dispatch = RunCancellation.afterEnd(dispatch, DispatchState.StopReason.HANDOFF, now);
        }
        // After the handoff: an end says more about the sandbox.
        Optional<RunStatus> end = update.status().filter(RunStatus::isTerminal);
        boolean ends =
                end.isPresent()
                        && policy.decide(run.status(), end.get())
                                == RunTransitions.Decision.ALLOWED;
        if (!ends) {
            return dispatch;
        }
        return RunCancellation.afterEnd(
                dispatch,
                end.get() == RunStatus.CANCELLED
                        ? DispatchState.StopReason.CANCELLED
                        : DispatchState.StopReason.ENDED,
                now);
    }

    private static Run changedOrSame(Run before, Run after) {
        boolean same =
                before.status() == after.status()
                        && before.environment() == after.environment()
                        && before.stage().equals(after.stage())
                        && before.branch().equals(after.branch())
                        && before.errorMessage().equals(after.errorMessage())
                        && before.output().equals(after.output())
                        && before.state().equals(after.state())
                        && before.dispatch().equals(after.dispatch());
        return same ? before : after;
    }

    private static InvalidRequestException refused(ErrorCode code, String detail) {
        return InvalidRequestException.of(Violation.ofRequest(code, detail));
    }
}
