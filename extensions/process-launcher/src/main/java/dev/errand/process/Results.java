package dev.errand.process;

import dev.errand.spi.dispatch.DispatchState.StopReason;
import dev.errand.spi.dispatch.OutputArtifact;
import dev.errand.spi.dispatch.SandboxExit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects what an ended sandbox left, within the bounds. What cannot be taken becomes a sentence
 * of the exit's problem, never an exception: a run must be able to end. Not thread-safe; one
 * collection.
 */
final class Results {

    private final SandboxDirectory directory;
    private final Bounds bounds;
    private final List<String> problems = new ArrayList<>();

    Results(SandboxDirectory directory, Bounds bounds) {
        this.directory = directory;
        this.bounds = bounds;
    }

    void addProblem(String problem) {
        problems.add(problem);
    }

    SandboxExit collect(int exitCode, Optional<StopReason> stoppedFor) {
        Optional<String> output = output();
        List<OutputArtifact> artifacts = artifacts();
        List<String> lastLines = lastLines();
        Optional<String> problem =
                problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
        return new SandboxExit(exitCode, stoppedFor, output, problem, artifacts, lastLines);
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
            return bounded(file);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            problems.add("the output cannot be read: " + unreadable.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private Optional<String> bounded(Path file) throws IOException {
        int limit = Math.toIntExact(bounds.outputBytes());
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length <= limit) {
                return Optional.of(new String(bytes, StandardCharsets.UTF_8));
            }
        }
        problems.add(
                "the output is %d bytes long, more than the %d that are taken"
                        .formatted(Files.size(file), limit));
        return Optional.empty();
    }

    private List<OutputArtifact> artifacts() {
        ArtifactSearch search = new ArtifactSearch(directory.artifacts(), bounds);
        try {
            return search.find();
        } catch (IOException unreadable) {
            problems.add("artifacts cannot be read: " + unreadable.getClass().getSimpleName());
            return List.of();
        } finally {
            problems.addAll(search.problems());
        }
    }

    private List<String> lastLines() {
        try {
            return LastLines.of(directory, bounds.lastLines());
        } catch (IOException unreadable) {
            problems.add("its last lines cannot be read");
            return List.of();
        }
    }
}
