package dev.errand.dispatch;

import dev.errand.json.Json;
import dev.errand.json.JsonObject;
import dev.errand.spi.JsonText;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.dispatch.Dispatch;
import dev.errand.spi.dispatch.SandboxExit;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.task.OutputSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a run when its sandbox is over: pure, and read like the table of design 5.
 *
 * <p>A run that ended before keeps its status; what the sandbox left behind is kept in every case
 * (contract G3).
 */
final class SandboxOutcome {

    private static final int MAX_MESSAGE_LENGTH = 4_000;

    private SandboxOutcome() {}

    /** The run after its sandbox exited, with what it left behind; nothing is owed any more. */
    static Run exited(
            Run.Edit edit,
            Run run,
            SandboxExit exit,
            List<Artifact> produced,
            Optional<JsonText> schema) {
        Optional<JsonText> output = exit.output().flatMap(Json::parse);
        edit.artifacts(withNew(run.artifacts(), produced));
        output.ifPresent(value -> edit.output(Optional.of(JsonObject.merge(run.output(), value))));
        edit.dispatch(run.dispatch().done());
        if (run.status().isTerminal()) {
            return edit.build();
        }
        Optional<Dispatch.StopCause> stop = exit.stoppedFor().or(() -> run.dispatch().stop());
        if (stop.isPresent()) {
            return stopped(edit, stop.get(), exit);
        }
        if (exit.exitCode() != 0) {
            String problem = exit.problem().map(text -> ": " + text).orElse("");
            String message = "Agent exited with code " + exit.exitCode() + problem + ".";
            return failed(edit, EndReason.SANDBOX_EXITED, withOutput(message, exit));
        }
        return problem(exit, output, schema)
                .map(text -> failed(edit, EndReason.SANDBOX_EXITED, text))
                .orElseGet(() -> edit.ended(RunStatus.COMPLETED, EndReason.SANDBOX_EXITED).build());
    }

    /** The run after its sandbox was found gone; nothing is owed any more. */
    static Run gone(Run.Edit edit, Run run) {
        edit.dispatch(run.dispatch().done());
        if (run.status().isTerminal()) {
            return edit.build();
        }
        if (run.dispatch().stop().isPresent()) {
            return stopped(edit, run.dispatch().stop().get(), null);
        }
        return failed(
                edit,
                EndReason.SANDBOX_LOST,
                "The sandbox was lost before the agent came to an end.");
    }

    private static Run stopped(Run.Edit edit, Dispatch.StopCause cause, SandboxExit exit) {
        return switch (cause) {
            case CANCELLED -> edit.ended(RunStatus.CANCELLED, EndReason.CANCELLED).build();
            case TASK_DELETED -> edit.ended(RunStatus.CANCELLED, EndReason.TASK_DELETED).build();
            case TIME_LIMIT ->
                    failed(
                            edit,
                            EndReason.TIME_LIMIT,
                            withOutput("Agent was stopped at its time limit.", exit));
            case INACTIVITY ->
                    failed(
                            edit,
                            EndReason.INACTIVITY,
                            withOutput("Agent was stopped after it was silent too long.", exit));
            case HANDOFF, ENDED -> edit.build(); // The status is somebody else's to report.
        };
    }

    private static Run failed(Run.Edit edit, EndReason reason, String message) {
        return edit.ended(RunStatus.FAILED, reason).errorMessage(Optional.of(message)).build();
    }

    /** Why a sandbox that says all went well is not believed. */
    private static Optional<String> problem(
            SandboxExit exit, Optional<JsonText> output, Optional<JsonText> schema) {
        if (exit.problem().isPresent()) {
            return exit.problem();
        }
        if (exit.output().isPresent() && output.isEmpty()) {
            return Optional.of("The agent's output is not JSON.");
        }
        if (schema.isEmpty()) {
            return Optional.empty();
        }
        if (output.isEmpty()) {
            return Optional.of("Output validation error: the agent left no output.");
        }
        return OutputSchemas.problem(schema.get(), output.get())
                .map(reason -> "Output validation error: " + reason);
    }

    /** A crash between two tries may bring the same artifact twice; its id tells. */
    private static List<Artifact> withNew(List<Artifact> manifest, List<Artifact> produced) {
        List<Artifact> all = new ArrayList<>(manifest);
        produced.stream()
                .filter(one -> manifest.stream().noneMatch(known -> known.id().equals(one.id())))
                .forEach(all::add);
        return all;
    }

    private static String withOutput(String message, SandboxExit exit) {
        if (exit == null || exit.lastLines().isEmpty()) {
            return message;
        }
        String text = message + " Last output:\n" + String.join("\n", exit.lastLines());
        return text.length() <= MAX_MESSAGE_LENGTH
                ? text
                : message
                        + " Last output:\n..."
                        + text.substring(
                                text.length() - MAX_MESSAGE_LENGTH + message.length() + 20);
    }
}
