package dev.errand.spi.sandbox;

import dev.errand.spi.JsonText;
import dev.errand.spi.run.StopReason;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a sandbox exited, and what it left behind.
 *
 * @param exitCode the exit code; 128 + n for a process terminated by signal n
 * @param stopReason why the launcher stopped it, if it did
 * @param output the content of its output file, not validated; empty if it wrote none
 * @param problem why the result of the sandbox cannot be used, for the run's error message, for
 *     example an exceeded resource limit or an unreadable output file; empty if it can be used
 * @param notes what was left out of the result, one sentence each, for example an artifact that is
 *     not a regular file; such a result can still be used
 * @param artifacts the files it wrote as artifacts, ordered by name
 * @param lastLines the end of its console output, for error messages
 * @param report what the agent program said about its work, if the launcher understands it
 * @param outputMembers an object with members for the run's output that the launcher found out
 *     itself, such as the commits in a workspace. They are added after the output was validated,
 *     and do not replace members that the agent wrote
 */
public record SandboxExit(
        int exitCode,
        Optional<StopReason> stopReason,
        Optional<String> output,
        Optional<String> problem,
        List<String> notes,
        List<OutputArtifact> artifacts,
        List<String> lastLines,
        AgentReport report,
        Optional<JsonText> outputMembers) {

    /** Copies the lists. */
    public SandboxExit {
        Objects.requireNonNull(stopReason, "stopReason");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(problem, "problem");
        notes = List.copyOf(notes);
        artifacts = List.copyOf(artifacts);
        lastLines = List.copyOf(lastLines);
        Objects.requireNonNull(report, "report");
        Objects.requireNonNull(outputMembers, "outputMembers");
    }

    /** Creates an exit without members that the launcher adds to the output. */
    public SandboxExit(
            int exitCode,
            Optional<StopReason> stopReason,
            Optional<String> output,
            Optional<String> problem,
            List<String> notes,
            List<OutputArtifact> artifacts,
            List<String> lastLines,
            AgentReport report) {
        this(
                exitCode,
                stopReason,
                output,
                problem,
                notes,
                artifacts,
                lastLines,
                report,
                Optional.empty());
    }

    /** Creates an exit without a report. */
    public SandboxExit(
            int exitCode,
            Optional<StopReason> stopReason,
            Optional<String> output,
            Optional<String> problem,
            List<String> notes,
            List<OutputArtifact> artifacts,
            List<String> lastLines) {
        this(exitCode, stopReason, output, problem, notes, artifacts, lastLines, AgentReport.NONE);
    }

    /** Creates an exit without notes and without a report. */
    public SandboxExit(
            int exitCode,
            Optional<StopReason> stopReason,
            Optional<String> output,
            Optional<String> problem,
            List<OutputArtifact> artifacts,
            List<String> lastLines) {
        this(exitCode, stopReason, output, problem, List.of(), artifacts, lastLines);
    }

    /** Returns a copy with the given report. */
    public SandboxExit withReport(AgentReport changed) {
        return new SandboxExit(
                exitCode,
                stopReason,
                output,
                problem,
                notes,
                artifacts,
                lastLines,
                changed,
                outputMembers);
    }
}
