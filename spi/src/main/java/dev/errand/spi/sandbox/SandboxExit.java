package dev.errand.spi.sandbox;

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
 * @param problem a description of what could not be collected, for the run's error message; empty
 *     if everything was collected
 * @param artifacts the files it wrote as artifacts, ordered by name
 * @param lastLines the end of its console output, for error messages
 */
public record SandboxExit(
        int exitCode,
        Optional<StopReason> stopReason,
        Optional<String> output,
        Optional<String> problem,
        List<OutputArtifact> artifacts,
        List<String> lastLines) {

    /** Copies the lists. */
    public SandboxExit {
        Objects.requireNonNull(stopReason, "stopReason");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(problem, "problem");
        artifacts = List.copyOf(artifacts);
        lastLines = List.copyOf(lastLines);
    }
}
