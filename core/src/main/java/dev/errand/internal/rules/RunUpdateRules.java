package dev.errand.internal.rules;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.json.JsonObject;
import dev.errand.request.Patch;
import dev.errand.run.RunScheduling;
import dev.errand.run.RunTransitions;
import dev.errand.run.StartRunRequest;
import dev.errand.run.StatusPolicy;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.UserId;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.StoredRun;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The rules for changes of a run and its queue entry, as pure functions from the current version
 * and a request to the next version (docs/wire/runs.md#g3 to #g5, #i2, #i4,
 * docs/wire/starting-runs.md#i3, #i9). A function returns the same instance if nothing changes.
 * {@link InvalidRequestException} means that a rule forbids the change.
 */
public final class RunUpdateRules {

    private RunUpdateRules() {}

    /** Returns the run after an update (docs/wire/runs.md#i2). */
    public static StoredRun updated(
            StoredRun stored, UpdateRunRequest update, StatusPolicy policy, Instant now) {
        Run run = stored.run();
        Run after = edited(run, update, update.status(), policy, now).build();
        return changedOrSame(
                stored,
                stored.withRun(after, entry -> entryAfter(run, entry, update, policy, now)));
    }

    /**
     * Returns the run after an update that may be late: if the run has ended, a status that it
     * cannot have any more is ignored together with the error message (docs/wire/runs.md#l10).
     */
    public static StoredRun updatedLate(
            StoredRun stored, UpdateRunRequest update, StatusPolicy policy, Instant now) {
        RunStatus current = stored.run().status();
        boolean isRefused =
                current.isTerminal()
                        && update.status()
                                .map(to -> policy.decide(current, to))
                                .equals(Optional.of(RunTransitions.Decision.REJECTED));
        return updated(stored, isRefused ? update.withoutStatus() : update, policy, now);
    }

    /**
     * Returns the run after its executor reported its end. It needs no dispatcher action any more.
     * If the run has ended before, it keeps that status; the rest of the report is applied
     * (docs/wire/runs.md#g3).
     */
    public static StoredRun settled(
            StoredRun stored, UpdateRunRequest report, StatusPolicy policy, Instant now) {
        Run run = stored.run();
        if (stored.isRestarting()) {
            return withoutSandbox(run.change(now), stored, now); // A report of the earlier attempt.
        }
        Optional<RunStatus> status = run.status().isTerminal() ? Optional.empty() : report.status();
        return withoutSandbox(edited(run, report, status, policy, now), stored, now);
    }

    /**
     * Returns the run after its sandbox or handler is gone. It needs no dispatcher action any more,
     * unless it is restarted: then its next attempt is queued (docs/wire/starting-runs.md#i9).
     *
     * @param edit the change of the run
     */
    public static StoredRun withoutSandbox(Run.Builder edit, StoredRun stored, Instant now) {
        if (!stored.isRestarting()) {
            return StoredRun.withoutEntry(edit.build());
        }
        QueueEntry entry = stored.entry().orElseThrow();
        return new StoredRun(
                edit.nextAttempt().build(),
                Optional.of(QueueEntry.queued(now, entry.priority(), entry.timeouts())));
    }

    /** Returns whether the run has ended, or a stop was requested. */
    public static boolean isStopped(StoredRun stored) {
        return stored.run().status().isTerminal() || stored.stopReason().isPresent();
    }

    /**
     * Returns the run after a stop was requested and it is not executed any more. It is cancelled,
     * unless it has ended or was handed off to a person, and needs no dispatcher action any more.
     */
    public static StoredRun stopped(StoredRun stored, Instant now) {
        Run run = stored.run();
        Run.Builder edit = run.change(now);
        boolean handedOff = stored.stopReason().equals(Optional.of(StopReason.HANDOFF));
        if (!run.status().isTerminal() && !handedOff && !stored.isRestarting()) {
            boolean isCancelled = stored.stopReason().equals(Optional.of(StopReason.CANCELLED));
            cancel(
                    edit,
                    RunState.of(run),
                    isCancelled ? EndReason.CANCELLED : EndReason.TASK_DELETED);
        }
        return withoutSandbox(edit, stored, now);
    }

    /**
     * Returns the run after its execution failed. It needs no dispatcher action any more. If the
     * run has ended before, it keeps its status and message.
     */
    public static StoredRun failed(
            StoredRun stored, EndReason reason, String message, Instant now) {
        Run.Builder edit = stored.run().change(now);
        if (!stored.run().status().isTerminal() && !stored.isRestarting()) {
            edit.endedWith(RunStatus.FAILED, reason).errorMessage(Optional.of(message));
        }
        return withoutSandbox(edit, stored, now);
    }

    /**
     * Returns the run after its task was deleted (docs/wire/tasks.md#a10): cancelled at once if it
     * has no sandbox, and otherwise with a request to stop the sandbox.
     */
    public static StoredRun taskDeleted(StoredRun stored, Instant now) {
        Run run = stored.run();
        if (run.status().isTerminal()
                || stored.stopReason().equals(Optional.of(StopReason.TASK_DELETED))) {
            return stored;
        }
        Run.Builder edit = run.change(now);
        if (!stored.isLaunched()) {
            edit.endedWith(RunStatus.CANCELLED, EndReason.TASK_DELETED);
        }
        return stored.withRun(edit.build(), entry -> entry.stopping(StopReason.TASK_DELETED, now));
    }

    /** The values of {@code cancel_source} in the state of a run (docs/wire/runs.md#f). */
    public enum CancelSource {
        /** A caller. */
        API,
        /** A dispatcher, because nobody answered a permission request. */
        PERMISSION_POLICY;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Returns the run after a request to cancel it (docs/wire/runs.md#l2). A run that was not
     * handed over to a sandbox is cancelled at once. Another one keeps its status until its sandbox
     * has stopped. A run that has ended, or is being stopped already, does not change.
     *
     * @param reason the error message of the cancelled run; empty or blank means the default
     * @param user who requested it, if known
     */
    public static StoredRun cancelRequested(
            StoredRun stored,
            CancelSource source,
            Optional<String> reason,
            Optional<UserId> user,
            Instant now) {
        Run run = stored.run();
        if (isStopped(stored) && !stored.isRestarting()) {
            return stored;
        }
        RunState state = RunState.of(run).cancelRequested(source.wire(), reason, user, now);
        Run.Builder edit = run.change(now).state(state.toJson());
        boolean isHandedOver =
                !stored.isRestarting()
                        && (stored.isLaunched()
                                || stored.entry().isPresent()
                                        && run.status() == RunStatus.IN_PROGRESS);
        if (!isHandedOver) {
            cancel(edit, state, EndReason.CANCELLED);
        }
        return stored.withRun(edit.build(), entry -> entry.stopping(StopReason.CANCELLED, now));
    }

    /** Ends a run as cancelled, with the message of the request to cancel it, if there was one. */
    public static Run.Builder cancel(Run.Builder edit, RunState state, EndReason reason) {
        edit.endedWith(RunStatus.CANCELLED, reason);
        state.cancelMessage().ifPresent(message -> edit.errorMessage(Optional.of(message)));
        return edit;
    }

    private static Run.Builder edited(
            Run run,
            UpdateRunRequest update,
            Optional<RunStatus> status,
            StatusPolicy policy,
            Instant now) {
        Run.Builder edit = run.change(now);
        if (update.environment().isPresent() && run.environment() == RunEnvironment.CLOUD) {
            edit.environment(RunEnvironment.LOCAL);
        }
        if (status.isPresent()) {
            moveTo(edit, run, status.get(), policy);
        }
        edit.branch(update.branch().applyTo(run.branch()));
        edit.stage(update.stage().applyTo(run.stage()));
        if (update.errorMessage().isPresent()) {
            edit.errorMessage(update.errorMessage().applyTo(run.errorMessage()));
        }
        edit.output(merged(run.output(), update.output()));
        if (update.state().isPresent()
                || update.stateRemoveKeys().isPresent()
                || update.stateAppend().isPresent()) {
            edit.state(
                    RunState.of(run)
                            .patched(
                                    update.stateRemoveKeys().orElse(List.of()),
                                    update.state(),
                                    update.stateAppend())
                            .toJson());
        }
        return edit;
    }

    /**
     * Returns the run after a start (docs/wire/starting-runs.md#i3): queued with this scheduling. A
     * run that is queued already keeps its place; only its pending message and artifacts change.
     */
    public static StoredRun started(
            StoredRun stored, StartRunRequest request, RunScheduling scheduling, Instant now) {
        Run run = stored.run();
        if (run.environment() != RunEnvironment.CLOUD) {
            throw notStartable(ErrorCode.NOT_STARTABLE.detail());
        }
        boolean queued = run.status() == RunStatus.QUEUED;
        if (!queued && run.status() != RunStatus.NOT_STARTED) {
            throw notStartable(
                    "Only queued or not_started cloud runs can be started (current status: "
                            + run.status().wire()
                            + ")");
        }
        Run.Builder edit = run.change(now);
        Optional<QueueEntry> entry = stored.entry();
        if (entry.isEmpty()) {
            edit.status(RunStatus.QUEUED).nextAttempt();
            entry =
                    Optional.of(
                            QueueEntry.queued(now, scheduling.priority(), scheduling.timeouts()));
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
        return changedOrSame(stored, new StoredRun(edit.build(), entry));
    }

    /**
     * Requires that a run can be restarted in the cloud (docs/wire/starting-runs.md#i9).
     *
     * @throws InvalidRequestException if it is active in the cloud
     */
    public static void requireInactive(Run run) {
        boolean isActive =
                run.status() == RunStatus.QUEUED || run.status() == RunStatus.IN_PROGRESS;
        if (run.environment() == RunEnvironment.CLOUD && isActive) {
            throw InvalidRequestException.of(
                    Violation.ofRequest(
                            ErrorCode.ALREADY_ACTIVE, ErrorCode.ALREADY_ACTIVE.detail()));
        }
    }

    /**
     * Returns the run after a restart in the cloud (docs/wire/starting-runs.md#i9). Its next
     * attempt is queued at once if no sandbox of the current one can exist. Otherwise the sandbox
     * must be stopped first; {@link #withoutSandbox} then queues the next attempt.
     *
     * @param authorship the author of pull requests
     * @param credentialSource the value of {@code github_credential_source} in its state
     */
    public static StoredRun restarted(
            StoredRun stored,
            Optional<PrAuthorshipMode> authorship,
            Optional<String> credentialSource,
            RunScheduling scheduling,
            Instant now) {
        Run run = stored.run();
        requireInactive(run);
        Run.Builder edit =
                run.change(now)
                        .status(RunStatus.QUEUED)
                        .environment(RunEnvironment.CLOUD)
                        .errorMessage(Optional.empty())
                        .state(RunState.of(run).restarted(authorship, credentialSource).toJson());
        int priority = scheduling.priority();
        if (stored.entry().isPresent()) {
            return stored.withRun(
                    edit.build(), entry -> entry.restarting(now, priority, scheduling.timeouts()));
        }
        return new StoredRun(
                edit.nextAttempt().build(),
                Optional.of(QueueEntry.queued(now, priority, scheduling.timeouts())));
    }

    /**
     * Returns the run with another output (docs/wire/runs.md#i4).
     *
     * @param completes whether the output completes the run, because it satisfies the schema of the
     *     task
     */
    public static StoredRun withOutput(
            StoredRun stored, JsonText output, boolean completes, Instant now) {
        Run run = stored.run();
        Run.Builder edit = run.change(now).output(Optional.of(output));
        boolean ends = completes && !run.status().isTerminal();
        if (ends) {
            edit.endedWith(RunStatus.COMPLETED, EndReason.OUTPUT_ACCEPTED);
        }
        return changedOrSame(
                stored,
                stored.withRun(
                        edit.build(),
                        entry -> ends ? entry.stopping(StopReason.ENDED, now) : entry));
    }

    /** Merges a reported object into the current one; any other output replaces it. */
    static Optional<JsonText> merged(Optional<JsonText> current, Patch<JsonText> reported) {
        return reported.value().isPresent()
                ? Optional.of(JsonObject.merge(current, reported.value().get()))
                : reported.applyTo(current);
    }

    private static void moveTo(Run.Builder edit, Run run, RunStatus to, StatusPolicy policy) {
        switch (policy.decide(run.status(), to)) {
            case SAME -> {}
            case REJECTED ->
                    throw InvalidRequestException.of(
                            Violation.of(
                                    ErrorCode.INVALID_STATUS_TRANSITION,
                                    "status",
                                    RunTransitions.rejectionText(run.status(), to)));
            case ALLOWED -> {
                if (to == RunStatus.CANCELLED) {
                    cancel(edit, RunState.of(run), EndReason.CANCELLED);
                } else if (to.isTerminal()) {
                    edit.endedWith(to, EndReason.REPORTED);
                } else {
                    edit.status(to);
                }
            }
        }
    }

    /** Requests a stop of the sandbox if the update ends the run or hands it off. */
    private static QueueEntry entryAfter(
            Run run, QueueEntry entry, UpdateRunRequest update, StatusPolicy policy, Instant now) {
        QueueEntry after = entry;
        if (update.environment().isPresent() && run.environment() == RunEnvironment.CLOUD) {
            after = after.stopping(StopReason.HANDOFF, now);
        }
        // If the update does both, the end of the run is the reason that is kept.
        Optional<RunStatus> end = update.status().filter(RunStatus::isTerminal);
        boolean ends =
                end.isPresent()
                        && policy.decide(run.status(), end.get())
                                == RunTransitions.Decision.ALLOWED;
        if (!ends) {
            return after;
        }
        return after.stopping(
                end.get() == RunStatus.CANCELLED ? StopReason.CANCELLED : StopReason.ENDED, now);
    }

    private static StoredRun changedOrSame(StoredRun storedBefore, StoredRun storedAfter) {
        Run before = storedBefore.run();
        Run after = storedAfter.run();
        boolean same =
                before.status() == after.status()
                        && before.environment() == after.environment()
                        && before.stage().equals(after.stage())
                        && before.branch().equals(after.branch())
                        && before.errorMessage().equals(after.errorMessage())
                        && before.output().equals(after.output())
                        && before.state().equals(after.state())
                        && storedBefore.entry().equals(storedAfter.entry());
        return same ? storedBefore : storedAfter;
    }

    private static InvalidRequestException notStartable(String detail) {
        return InvalidRequestException.of(Violation.ofRequest(ErrorCode.NOT_STARTABLE, detail));
    }
}
