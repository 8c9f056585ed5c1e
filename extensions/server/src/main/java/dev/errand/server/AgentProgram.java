package dev.errand.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Looks for an agent's program before the first run does, which would wait for it. */
final class AgentProgram {

    private AgentProgram() {}

    /**
     * Says what is wrong with an agent's program; empty if it is there and can be executed.
     *
     * @param environment the server's
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
                : Optional.of("there is no executable " + program + where + " for agents");
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
