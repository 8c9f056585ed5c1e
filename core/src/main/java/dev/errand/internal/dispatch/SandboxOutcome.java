package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.internal.engine.ResumedConversations;
import dev.errand.internal.json.InvalidJsonException;
import dev.errand.internal.json.Json;
import dev.errand.internal.json.JsonObject;
import dev.errand.internal.rules.RunState;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.internal.rules.TokenCounts;
import dev.errand.internal.schema.OutputSchemas;
import dev.errand.spi.JsonText;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.store.StoredRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides how a run ends when its sandbox has ended. Pure functions.
 *
 * <p>A run that ended before keeps its status; the output of the sandbox is kept in every case
 * (docs/wire/runs.md#g3).
 */
final class SandboxOutcome {

    private static final int MAX_MESSAGE_LENGTH = 4_000;
    private static final String LAST_OUTPUT = " Last output:\n";
    private static final String CUT = "...";

    private SandboxOutcome() {}

    /** The output of an agent, or why it cannot be used; neither if the agent left none. */
    private record Output(Optional<JsonText> value, Optional<String> problem) {

        static Output of(SandboxExit exit) {
            if (exit.output().isEmpty()) {
                return new Output(Optional.empty(), Optional.empty());
            }
            try {
                return new Output(Optional.of(Json.parse(exit.output().get())), Optional.empty());
            } catch (InvalidJsonException invalid) {
                return new Output(
                        Optional.empty(),
                        Optional.of(
                                invalid.isLimit()
                                        ? "The agent's output is rejected: " + invalid.detail()
                                        : "The agent's output is not JSON."));
            }
        }
    }

    /** Returns the run after its sandbox exited, with its output and artifacts. */
    static StoredRun exited(
            StoredRun stored,
            Instant now,
            SandboxExit exit,
            List<Artifact> produced,
            Optional<JsonText> schema,
            DispatchTimeouts limits) {
        Run run = stored.run();
        Run.Builder edit = run.change(now);
        Output output = Output.of(exit);
        edit.artifacts(withNew(run.artifacts(), produced));
        edit.output(merged(run.output(), output.value(), exit.outputMembers()));
        edit.state(withReport(run.state(), exit.report()));
        if (!run.status().isTerminal() && !stored.isRestarting()) {
            end(edit, run, exit, output, exit.stopReason().or(stored::stopReason), schema, limits);
        }
        return RunUpdateRules.withoutSandbox(edit, stored, now);
    }

    /**
     * Returns the run after its sandbox exited because of a limit of its provider: queued for its
     * next attempt, with the artifacts of this one. A run that has ended or must stop meanwhile
     * ends as {@link #exited} says.
     */
    static StoredRun waitingForProvider(
            StoredRun stored,
            Instant now,
            Instant retryAt,
            SandboxExit exit,
            List<Artifact> produced,
            DispatchTimeouts limits) {
        Run run = stored.run();
        if (run.status().isTerminal() || stored.stopReason().isPresent()) {
            return exited(stored, now, exit, produced, Optional.empty(), limits);
        }
        Run after =
                run.change(now)
                        .status(RunStatus.QUEUED)
                        .nextAttempt()
                        .artifacts(withNew(run.artifacts(), produced))
                        .state(ProviderLimits.countWait(withReport(run.state(), exit.report())))
                        .build();
        String cause = exit.report().failure().map(ExternalText::clean).orElse("no reason given");
        return stored.withRun(
                after,
                entry -> entry.waitingForProvider(cause, retryAt.isAfter(now) ? retryAt : now));
    }

    /**
     * Returns the output that the agent reported and left, with the members that the launcher adds
     * unless the agent wrote them, or wrote something else than an object.
     */
    private static Optional<JsonText> merged(
            Optional<JsonText> reported, Optional<JsonText> left, Optional<JsonText> added) {
        Optional<JsonText> own =
                left.map(value -> JsonObject.merge(reported, value)).or(() -> reported);
        return own.map(value -> value.isObject() ? JsonObject.merge(added, value) : value)
                .or(() -> added);
    }

    private static void end(
            Run.Builder edit,
            Run run,
            SandboxExit exit,
            Output output,
            Optional<StopReason> stop,
            Optional<JsonText> schema,
            DispatchTimeouts limits) {
        if (stop.isPresent()) {
            endStopped(edit, run, stop.get(), limits, lastOutput(exit));
            return;
        }
        if (exit.report().failure().isPresent() && exit.problem().isEmpty()) {
            String words = ExternalText.clean(exit.report().failure().get());
            fail(edit, EndReason.SANDBOX_EXITED, "Agent failed: " + words);
            return;
        }
        if (exit.exitCode() != 0) {
            String problem = exit.problem().map(text -> ": " + ExternalText.clean(text)).orElse("");
            String message = "Agent exited with code " + exit.exitCode() + problem + ".";
            fail(edit, EndReason.SANDBOX_EXITED, bounded(message, lastOutput(exit)));
            return;
        }
        problem(exit, output, schema)
                .ifPresentOrElse(
                        text -> fail(edit, EndReason.SANDBOX_EXITED, text),
                        () -> edit.endedWith(RunStatus.COMPLETED, EndReason.SANDBOX_EXITED));
    }

    private static JsonText withReport(JsonText state, AgentReport report) {
        Map<String, JsonText> members = new LinkedHashMap<>();
        report.tokenUsage()
                .map(usage -> TokenCounts.sum(TokenCounts.of(state), usage))
                .ifPresent(usage -> members.put(TokenCounts.KEY, usage));
        report.sessionId()
                .ifPresent(id -> members.put(ResumedConversations.SESSION_ID, Json.quote(id)));
        return members.isEmpty()
                ? state
                : JsonObject.merge(Optional.of(state), JsonObject.of(members).toJson());
    }

    /** Returns the run after its sandbox was found to be gone. */
    static StoredRun gone(StoredRun stored, Instant now, DispatchTimeouts limits) {
        Run.Builder edit = stored.run().change(now);
        if (!stored.run().status().isTerminal() && !stored.isRestarting()) {
            stored.stopReason()
                    .ifPresentOrElse(
                            reason -> endStopped(edit, stored.run(), reason, limits, ""),
                            () ->
                                    fail(
                                            edit,
                                            EndReason.SANDBOX_LOST,
                                            "The sandbox was lost before the agent came to an"
                                                    + " end."));
        }
        return RunUpdateRules.withoutSandbox(edit, stored, now);
    }

    /**
     * Returns the run after the stop of its sandbox was not confirmed in time. The run ends, and
     * its sandbox must still be stopped.
     */
    static StoredRun unconfirmed(StoredRun stored, Instant now, DispatchTimeouts limits) {
        Run.Builder edit = stored.run().change(now);
        if (stored.run().status().isTerminal() || stored.stopReason().isEmpty()) {
            return stored;
        }
        if (stored.isRestarting()) {
            fail(
                    edit,
                    EndReason.LAUNCH_FAILED,
                    FailureText.message("the stop of the earlier sandbox was not confirmed"));
        } else {
            endStopped(
                    edit,
                    stored.run(),
                    stored.stopReason().get(),
                    limits,
                    " Its stop was not confirmed.");
        }
        return stored.withRun(edit.build());
    }

    private static void endStopped(
            Run.Builder edit, Run run, StopReason reason, DispatchTimeouts limits, String more) {
        switch (reason) {
            case CANCELLED -> RunUpdateRules.cancel(edit, RunState.of(run), EndReason.CANCELLED);
            case TASK_DELETED ->
                    RunUpdateRules.cancel(edit, RunState.of(run), EndReason.TASK_DELETED);
            case TIME_LIMIT ->
                    fail(
                            edit,
                            EndReason.TIME_LIMIT,
                            bounded("Agent was stopped at its time limit.", more));
            case INACTIVITY ->
                    fail(
                            edit,
                            EndReason.INACTIVITY,
                            bounded(
                                    "Agent was stopped because it was inactive for "
                                            + DurationText.of(limits.inactivity())
                                            + ".",
                                    more));
            // The agent (ENDED) or the client (HANDOFF) sets the status; a restart does not end
            // the run.
            case HANDOFF, ENDED, RESTART -> {}
        }
    }

    private static void fail(Run.Builder edit, EndReason reason, String message) {
        edit.endedWith(RunStatus.FAILED, reason).errorMessage(Optional.of(message));
    }

    /** Returns why a run fails although its sandbox exited with code 0. */
    private static Optional<String> problem(
            SandboxExit exit, Output output, Optional<JsonText> schema) {
        if (exit.problem().isPresent()) {
            return exit.problem().map(ExternalText::clean);
        }
        if (output.problem().isPresent()) {
            return output.problem();
        }
        if (schema.isEmpty()) {
            return Optional.empty();
        }
        if (output.value().isEmpty()) {
            return Optional.of("Output validation error: the agent left no output.");
        }
        return OutputSchemas.problem(schema.get(), output.value().get())
                .map(reason -> "Output validation error: " + reason);
    }

    /**
     * Adds the artifacts that are not in the manifest yet. Collecting twice yields the same ids.
     */
    private static List<Artifact> withNew(List<Artifact> manifest, List<Artifact> produced) {
        List<Artifact> all = new ArrayList<>(manifest);
        produced.stream()
                .filter(one -> manifest.stream().noneMatch(known -> known.id().equals(one.id())))
                .forEach(all::add);
        return all;
    }

    private static String lastOutput(SandboxExit exit) {
        return exit.lastLines().isEmpty()
                ? ""
                : LAST_OUTPUT + ExternalText.clean(String.join("\n", exit.lastLines()));
    }

    /** Cuts the beginning of the output, as its end says more. */
    private static String bounded(String message, String more) {
        if (message.length() + more.length() <= MAX_MESSAGE_LENGTH) {
            return message + more;
        }
        int kept = MAX_MESSAGE_LENGTH - message.length() - LAST_OUTPUT.length() - CUT.length();
        return message + LAST_OUTPUT + CUT + more.substring(more.length() - kept);
    }
}
