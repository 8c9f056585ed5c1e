package dev.errand.spi.dispatch;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a sandbox ended and what it left behind.
 *
 * @param exitCode the exit code; for a process ended by signal n, 128 + n
 * @param stoppedFor why the launcher itself ended it, where it did
 * @param output the text of its output file, unchecked; empty if it wrote none
 * @param problem what could not be collected, in words for the run's error message; empty if all
 *     was
 * @param artifacts the files it left as artifacts, ordered by name
 * @param lastLines the end of what it printed, for an error message
 */
public record SandboxExit(
        int exitCode,
        Optional<DispatchState.StopReason> stoppedFor,
        Optional<String> output,
        Optional<String> problem,
        List<OutputArtifact> artifacts,
        List<String> lastLines) {

    /** Copies the lists. */
    public SandboxExit {
        Objects.requireNonNull(stoppedFor, "stoppedFor");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(problem, "problem");
        artifacts = List.copyOf(artifacts);
        lastLines = List.copyOf(lastLines);
    }
}
