package dev.errand.server;

import dev.errand.process.AgentCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Agents that are small shell scripts. */
final class ScriptedAgent {

    private ScriptedAgent() {}

    /**
     * Returns options for an agent that runs a script, with further arguments as {@code $1} and so
     * on.
     */
    static AgentOptions of(Path folder, String script, String... arguments) throws IOException {
        Path file = Files.writeString(folder.resolve("agent.sh"), script);
        List<String> words = new ArrayList<>(List.of("/bin/sh", file.toString()));
        words.addAll(List.of(arguments));
        return AgentOptions.of(AgentCommand.of(words));
    }
}
