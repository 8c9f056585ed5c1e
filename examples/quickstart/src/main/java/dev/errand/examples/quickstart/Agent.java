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
 * The program that does the work: the script that comes with the quickstart, or any other.
 *
 * @param command what a sandbox starts
 * @param directory where the script lies meanwhile
 */
record Agent(AgentCommand command, Path directory) implements AutoCloseable {

    private static final String SCRIPT = "report-agent.sh";

    /** The agent of these words; the script, given the repository, if there are none. */
    static Agent of(List<String> words, Repository repository) throws IOException {
        Path directory = Files.createTempDirectory("errand-quickstart-agent-");
        if (!words.isEmpty()) {
            return new Agent(AgentCommand.of(found(words)), directory);
        }
        Path script = directory.resolve(SCRIPT);
        try (InputStream shipped = Agent.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(shipped, SCRIPT), script);
        }
        return new Agent(
                AgentCommand.of(
                        List.of("sh", script.toString(), repository.directory().toString())),
                directory);
    }

    /** A program that is named by its path is looked for from here, not from its sandbox. */
    private static List<String> found(List<String> words) {
        List<String> found = new ArrayList<>(words);
        if (found.get(0).indexOf('/') > 0) {
            found.set(0, Path.of(found.get(0)).toAbsolutePath().toString());
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(directory.resolve(SCRIPT));
        Files.deleteIfExists(directory);
    }
}
