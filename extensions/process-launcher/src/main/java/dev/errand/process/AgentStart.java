package dev.errand.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts the process of a sandbox: a small shell that leads a session of its own, runs the agent,
 * and writes down how it ended, so that an end while the host is down is not lost.
 */
final class AgentStart {

    static final Path SHELL = Path.of("/bin/sh");
    private static final String PLACES = "/usr/bin:/bin";

    /**
     * The pid is written before anything runs, so that a directory without it never had an agent.
     * Who wants it stopped before that, and sees no pid, leaves word; so either sees the other. The
     * traps keep the shell alive when its whole group is signalled; the agent starts with default
     * dispositions, for a trap is not inherited. The subshell is replaced by the agent, and the
     * shell's own words about signals go nowhere.
     */
    private static final String WRAPPER =
            """
            exit_code_file=$1 pid_file=$2 stopped_file=$3 limits=$4
            shift 4
            trap : HUP INT QUIT ALRM TERM USR1 USR2
            echo "$$" > "$pid_file"
            exit_code=143
            if [ ! -e "$stopped_file" ]; then
                exec 3>&2 2> /dev/null
                (eval "$limits"; exec "$@" 2>&3 3>&-)
                exit_code=$?
            fi
            echo "$exit_code" > "$exit_code_file"
            exit "$exit_code"
            """;

    private final AgentCommand command;
    private final Limits limits;
    private final Optional<Path> setsid;
    private final Optional<Path> nice;

    AgentStart(AgentCommand command, Limits limits) {
        this.command = command;
        this.limits = limits;
        this.setsid = Programs.find("setsid", PLACES);
        this.nice = Programs.find("nice", PLACES);
    }

    /**
     * Whether the processes it starts lead sessions, so that their pid is also their session's
     * number.
     */
    boolean makesSessions() {
        return setsid.isPresent();
    }

    /** Starts the agent; its outputs go to files, so it never waits for us. */
    Process start(Path program, SandboxDirectory directory, Map<String, String> environment)
            throws IOException {
        List<String> words = new ArrayList<>();
        setsid.ifPresent(path -> words.add(path.toString()));
        words.addAll(List.of(SHELL.toString(), "-c", WRAPPER, "errand-sandbox"));
        words.add(directory.exitCode().toString());
        words.add(directory.pid().toString());
        words.add(directory.stopped().toString());
        words.add(limits.shell());
        if (limits.niceness() > 0) {
            nice.ifPresent(
                    path ->
                            words.addAll(
                                    List.of(
                                            path.toString(),
                                            "-n",
                                            Integer.toString(limits.niceness()))));
        }
        words.add(program.toString());
        words.addAll(command.arguments());

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
     * Where the agent's program is: looked up here, so that the shell never takes it for a command
     * of its own.
     *
     * @throws dev.errand.spi.BackendException if there is none that can be executed
     */
    Path program(String searchPath) {
        String program = command.program();
        Optional<Path> found =
                program.startsWith("/")
                        ? Optional.of(Path.of(program)).filter(Programs::isProgram)
                        : Programs.find(program, searchPath);
        return found.orElseThrow(
                () -> {
                    String where = program.startsWith("/") ? "" : " on the PATH " + searchPath;
                    return Failures.permanent("no executable " + program + where, null);
                });
    }

    private static ProcessBuilder.Redirect appendTo(Path file) {
        return ProcessBuilder.Redirect.appendTo(file.toFile());
    }
}
