package dev.errand.process;

import dev.errand.agents.AgentResult;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.sandbox.SandboxExit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects the results of an ended sandbox within the limits. Output that cannot be collected
 * becomes the exit's problem, anything else a note, and nothing an exception, because a run must be
 * able to end. Not thread-safe; an instance collects once.
 */
final class ResultCollector {

    private final SandboxDirectory directory;
    private final ResultLimits resultLimits;
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    ResultCollector(SandboxDirectory directory, ResultLimits resultLimits) {
        this.directory = directory;
        this.resultLimits = resultLimits;
    }

    void addProblem(String problem) {
        problems.add(problem);
    }

    void addNote(String note) {
        notes.add(note);
    }

    SandboxExit collect(int exitCode, Optional<StopReason> stopReason) {
        return collect(exitCode, stopReason, Optional.empty(), Instant.EPOCH);
    }

    /**
     * Collects the results of a sandbox whose program has a profile.
     *
     * @param now the time of the end
     */
    SandboxExit collect(
            int exitCode,
            Optional<StopReason> stopReason,
            Optional<ActiveProfile> profile,
            Instant now) {
        Optional<AgentResult> result = profile.flatMap(it -> result(it, exitCode, stopReason, now));
        boolean hasSchema = profile.filter(ActiveProfile::hasSchema).isPresent();
        Optional<String> output =
                output().or(
                                () ->
                                        result.flatMap(it -> it.outputOrMessage(hasSchema))
                                                .map(JsonText::text));
        List<OutputArtifact> artifacts = artifacts();
        List<String> lastLines = lastLines();
        Optional<String> problem =
                problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
        return new SandboxExit(
                exitCode,
                stopReason,
                output,
                problem,
                notes,
                artifacts,
                lastLines,
                result.map(it -> AgentResultReader.report(it, directory)).orElse(AgentReport.NONE));
    }

    private Optional<AgentResult> result(
            ActiveProfile profile, int exitCode, Optional<StopReason> stopReason, Instant now) {
        try {
            return Optional.of(
                    AgentResultReader.read(directory, profile, exitCode, stopReason, now));
        } catch (IOException unreadable) {
            problems.add("the output of the agent program cannot be read");
            return Optional.empty();
        }
    }

    private Optional<String> output() {
        Path file = directory.output();
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                problems.add("the output is not a regular file");
                return Optional.empty();
            }
            return readBounded(file);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            problems.add("the output cannot be read: " + unreadable.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private Optional<String> readBounded(Path file) throws IOException {
        int limit = Math.toIntExact(resultLimits.outputBytes());
        try (InputStream in = UntrustedFiles.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length <= limit) {
                return Optional.of(new String(bytes, StandardCharsets.UTF_8));
            }
        }
        problems.add(
                "the output is %d bytes long, the limit is %d bytes"
                        .formatted(Files.size(file), limit));
        return Optional.empty();
    }

    private List<OutputArtifact> artifacts() {
        ArtifactCollector collector = new ArtifactCollector(directory.artifacts(), resultLimits);
        try {
            return collector.collect();
        } catch (IOException unreadable) {
            notes.add("artifacts cannot be read: " + unreadable.getClass().getSimpleName());
            return List.of();
        } finally {
            notes.addAll(collector.notes());
        }
    }

    private List<String> lastLines() {
        try {
            return LastLines.of(directory, resultLimits.lastLines());
        } catch (IOException unreadable) {
            notes.add("the last output lines cannot be read");
            return List.of();
        }
    }
}
