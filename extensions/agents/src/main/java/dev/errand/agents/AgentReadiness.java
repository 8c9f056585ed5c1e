package dev.errand.agents;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Whether runs can use a profile on this machine, checked before the first run. */
public sealed interface AgentReadiness {

    /**
     * The program was found, and some credential is there.
     *
     * @param version the program's version
     */
    record Ready(String version) implements AgentReadiness {}

    /**
     * Runs would fail.
     *
     * @param message what is missing and how to give it, for people
     */
    record NotReady(String message) implements AgentReadiness {}

    /**
     * Checks a profile: its credential, then its program by {@code --version}, which may take up to
     * ten seconds.
     *
     * @param host the environment variables of the host
     */
    static AgentReadiness check(AgentProfile profile, Map<String, String> host) {
        Optional<String> missing = profile.missingCredential(host);
        if (missing.isPresent()) {
            return new NotReady(missing.get());
        }
        Optional<Path> program = find(profile.program(), host.getOrDefault("PATH", ""));
        if (program.isEmpty()) {
            return new NotReady(
                    "The program of agent "
                            + profile.name()
                            + ", "
                            + profile.program()
                            + ", was not found on the PATH. Install it, or name its path with"
                            + " --agent-command.");
        }
        String printed = versionOf(program.get());
        return profile.version(printed)
                .<AgentReadiness>map(Ready::new)
                .orElseGet(
                        () ->
                                new NotReady(
                                        program.get()
                                                + " --version printed \""
                                                + printed.strip()
                                                + "\", which is not a version of "
                                                + profile.name()
                                                + "."));
    }

    private static Optional<Path> find(String program, String searchPath) {
        Stream<Path> candidates =
                program.startsWith("/")
                        ? Stream.of(Path.of(program))
                        : Stream.of(searchPath.split(":"))
                                .filter(directory -> !directory.isEmpty())
                                .map(directory -> Path.of(directory, program));
        return candidates
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static String versionOf(Path program) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(List.of(program.toString(), "--version"))
                            .redirectInput(new File("/dev/null"))
                            .redirectErrorStream(true);
            builder.environment().keySet().retainAll(Set.of("PATH", "HOME"));
            Process process = builder.start();
            process.onExit()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .exceptionally(
                            late -> {
                                process.destroyForcibly();
                                return process;
                            });
            try (InputStream printed = process.getInputStream()) {
                return new String(printed.readNBytes(1000), StandardCharsets.UTF_8);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }
}
