package dev.errand.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Checks at startup that the agent's program exists, before the first run fails. */
final class AgentProgramCheck {

    private AgentProgramCheck() {}

    /**
     * Returns a description of the problem, or empty if the program exists and is executable.
     *
     * @param environment the environment of the server
     */
    static Optional<String> problem(AgentOptions agents, Map<String, String> environment) {
        String program = agents.command().words().get(0);
        String search =
                agents.variables().getOrDefault("PATH", environment.getOrDefault("PATH", ""));
        boolean isThere =
                program.startsWith("/")
                        ? isExecutable(program)
                        : Arrays.stream(search.split(File.pathSeparator))
                                .anyMatch(folder -> isExecutable(folder + "/" + program));
        String where = program.startsWith("/") ? "" : " on the PATH";
        return isThere
                ? Optional.empty()
                : Optional.of("agent program not found or not executable: " + program + where);
    }

    private static boolean isExecutable(String path) {
        try {
            Path file = Path.of(path);
            return Files.isRegularFile(file) && Files.isExecutable(file);
        } catch (InvalidPathException none) {
            return false;
        }
    }
}
