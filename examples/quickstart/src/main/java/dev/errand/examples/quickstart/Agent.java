package dev.errand.examples.quickstart;

import dev.errand.process.AgentCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The agent program: the script that comes with the quickstart, or another command.
 *
 * @param command the command that a sandbox runs
 * @param directory the temporary directory of the script
 */
record Agent(AgentCommand command, Path directory) implements AutoCloseable {

    private static final String SCRIPT = "report-agent.sh";

    /** Returns an agent for a command, or the script for the repository if the command is empty. */
    static Agent of(List<String> words, GitRepository repository) throws IOException {
        Path directory = Files.createTempDirectory("errand-quickstart-agent-");
        if (!words.isEmpty()) {
            return new Agent(AgentCommand.of(resolved(words)), directory);
        }
        Path script = directory.resolve(SCRIPT);
        try (InputStream resource = Agent.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(resource, SCRIPT), script);
        }
        return new Agent(
                AgentCommand.of(List.of("sh", script.toString(), repository.location())),
                directory);
    }

    /**
     * Resolves a relative path of a program here, because the sandbox has another working
     * directory.
     */
    private static List<String> resolved(List<String> words) {
        List<String> resolved = new ArrayList<>(words);
        if (resolved.get(0).indexOf('/') > 0) {
            resolved.set(0, Path.of(resolved.get(0)).toAbsolutePath().toString());
        }
        return resolved;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(directory.resolve(SCRIPT));
        Files.deleteIfExists(directory);
    }
}
