package dev.errand.server;

import dev.errand.agents.AgentProfile;
import dev.errand.agents.AgentReadiness;
import dev.errand.process.AgentCommand;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks at startup that the agent's program exists, before the first run fails. */
final class AgentProgramCheck {

    private AgentProgramCheck() {}

    /**
     * Returns a description of the first problem, or empty if each program exists and is
     * executable, and each profile has a credential.
     *
     * @param environment the environment of the server
     */
    static Optional<String> problem(AgentOptions agents, Map<String, String> environment) {
        Map<String, String> host = new HashMap<>(environment);
        host.putAll(agents.variables());
        return Stream.concat(
                        agents.selection().command().stream()
                                .flatMap(command -> problem(command, host).stream()),
                        agents.selection().profiles().stream()
                                .flatMap(profile -> problem(profile, host).stream()))
                .findFirst();
    }

    private static Optional<String> problem(AgentProfile profile, Map<String, String> host) {
        AgentReadiness readiness = AgentReadiness.check(profile, host);
        return readiness instanceof AgentReadiness.NotReady notReady
                ? Optional.of(notReady.message())
                : Optional.empty();
    }

    private static Optional<String> problem(AgentCommand command, Map<String, String> host) {
        String program = command.words().get(0);
        String search = host.getOrDefault("PATH", "");
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
