package dev.errand.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts the process of a sandbox: a small shell that leads its own session, runs the agent and
 * records the exit code. The recorded exit code survives a restart of the host.
 */
final class AgentProcessStarter {

    static final Path SHELL = Path.of("/bin/sh");
    private static final String SYSTEM_PATH = "/usr/bin:/bin";

    /**
     * Writes the pid before it runs anything, so a directory without a pid never had an agent. A
     * launcher that wants to stop the sandbox before that creates the file {@code stopped}; either
     * the shell sees that file or the launcher sees the pid. The traps keep the shell alive when
     * its whole process group is signalled. The file of the exit code is opened before the agent
     * could replace it by something that blocks. The agent starts with the default signal handling
     * because traps are not inherited. The agent replaces the subshell. Messages of the shell about
     * signals are discarded.
     */
    private static final String WRAPPER =
            """
            exit_code_file=$1 pid_file=$2 stopped_file=$3 limits=$4 group_file=$5
            shift 5
            [ -z "$group_file" ] || echo "$$" > "$group_file" || exit 125
            trap : HUP INT QUIT ALRM TERM USR1 USR2
            exec 4> "$exit_code_file"
            echo "$$" > "$pid_file"
            exit_code=143
            if [ ! -e "$stopped_file" ]; then
                exec 3>&2 2> /dev/null
                (eval "$limits"; exec "$@" 2>&3 3>&- 4>&-)
                exit_code=$?
            fi
            echo "$exit_code" >&4
            exit "$exit_code"
            """;

    private final ResourceLimits resourceLimits;
    private final Optional<Path> setsid;
    private final Optional<Path> nice;

    AgentProcessStarter(ResourceLimits resourceLimits) {
        this.resourceLimits = resourceLimits;
        this.setsid = ExecutableFinder.find("setsid", SYSTEM_PATH);
        this.nice = ExecutableFinder.find("nice", SYSTEM_PATH);
    }

    /**
     * Returns whether each started process leads a session, so that its pid is also the session id.
     */
    boolean createsSessions() {
        return setsid.isPresent();
    }

    /**
     * Starts the agent with the given arguments, as the given user if there is one. The shell
     * around it runs as the user of this process, in the control group if there is one. The outputs
     * are files, so the agent never blocks on the launcher.
     */
    Process start(
            Path program,
            List<String> arguments,
            SandboxDirectory directory,
            Map<String, String> environment,
            Optional<SandboxUser> user,
            Optional<ControlGroup> group)
            throws IOException {
        List<String> words = new ArrayList<>();
        setsid.ifPresent(path -> words.add(path.toString()));
        words.addAll(List.of(SHELL.toString(), "-c", WRAPPER, "errand-sandbox"));
        words.add(directory.exitCode().toString());
        words.add(directory.pid().toString());
        words.add(directory.stopped().toString());
        words.add(resourceLimits.shellCommands());
        words.add(group.map(own -> own.processesFile().toString()).orElse(""));
        if (resourceLimits.niceness() > 0) {
            nice.ifPresent(
                    path ->
                            words.addAll(
                                    List.of(
                                            path.toString(),
                                            "-n",
                                            Integer.toString(resourceLimits.niceness()))));
        }
        user.ifPresent(other -> words.addAll(other.command()));
        words.add(program.toString());
        words.addAll(arguments);

        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .directory(directory.workspace().toFile())
                        .redirectInput(directory.prompt().toFile())
                        .redirectOutput(appendTo(directory.standardOutput()))
                        .redirectError(appendTo(directory.standardError()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /**
     * Resolves the agent's program. It is resolved here so that the shell cannot mistake the name
     * for a builtin.
     *
     * @throws dev.errand.spi.PortException if there is no such executable file
     */
    static Path program(String program, String searchPath) {
        return ExecutableFinder.program(program, searchPath)
                .orElseThrow(
                        () -> {
                            String where =
                                    program.startsWith("/") ? "" : " on the PATH " + searchPath;
                            return PortExceptions.permanent("no executable " + program + where);
                        });
    }

    private static ProcessBuilder.Redirect appendTo(Path file) {
        return ProcessBuilder.Redirect.appendTo(file.toFile());
    }
}
