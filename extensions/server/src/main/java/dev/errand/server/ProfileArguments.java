package dev.errand.server;

import dev.errand.agents.AgentProfile;
import dev.errand.agents.ClaudeProfile;
import dev.errand.agents.CodexProfile;
import dev.errand.agents.ProfileOptions;
import dev.errand.process.AgentCommand;
import dev.errand.spi.run.PermissionMode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line options that choose the programs of agents. */
final class ProfileArguments {

    private static final String COMMAND = "command";

    @Option(
            names = "--agent",
            paramLabel = "claude|codex|command",
            split = ",",
            description =
                    "Program of the agent: Claude Code, Codex, or the one that --agent-command"
                            + " names. With claude,codex a run's runtime_adapter chooses, and the"
                            + " first is the default. Default: command.")
    private @Nullable List<String> agents;

    @Option(
            names = "--agent-command",
            paramLabel = "COMMAND",
            description =
                    "Program and arguments of the agent, quoted as in a shell. The agent reads its"
                            + " prompt from standard input. With --agent claude or codex, the path"
                            + " of that program.")
    private @Nullable String command;

    @Option(
            names = "--agent-home",
            paramLabel = "DIR",
            description =
                    "Directory in which somebody has logged in with the program of --agent. Each"
                            + " run gets a copy of the login. Default: keys of the environment,"
                            + " such as ANTHROPIC_API_KEY and OPENAI_API_KEY.")
    private @Nullable Path home;

    @Option(
            names = "--agent-permission-mode",
            paramLabel = "MODE",
            description =
                    "Permissions of runs that ask for none, such as plan, acceptEdits or"
                            + " bypassPermissions. Default: agents may change files of their"
                            + " workspace.")
    private @Nullable String permissionMode;

    @Option(
            names = "--agent-budget-usd",
            paramLabel = "N",
            description = "Budget of a run in US dollars, for claude only. Default: unlimited.")
    private @Nullable BigDecimal budget;

    /** Returns the names of the specified options. */
    List<String> specified() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("--agent", agents);
        values.put("--agent-command", command);
        values.put("--agent-home", home);
        values.put("--agent-permission-mode", permissionMode);
        values.put("--agent-budget-usd", budget);
        values.values().removeIf(Objects::isNull);
        return List.copyOf(values.keySet());
    }

    /**
     * Returns the programs.
     *
     * @throws IllegalArgumentException if an option is invalid; the message begins with its name
     */
    AgentSelection selection() {
        Set<String> names = new LinkedHashSet<>(agents == null ? List.of(COMMAND) : agents);
        if (names.contains(COMMAND)) {
            return ofCommand(names);
        }
        if (names.size() > 1 && (command != null || home != null)) {
            throw new IllegalArgumentException(
                    (command != null ? "--agent-command" : "--agent-home")
                            + " requires that --agent names one program");
        }
        ProfileOptions options = options();
        return AgentSelection.of(names.stream().map(name -> profile(name, options)).toList());
    }

    private AgentSelection ofCommand(Set<String> names) {
        if (names.size() > 1) {
            throw new IllegalArgumentException("--agent command cannot be combined with others");
        }
        if (command == null) {
            throw new IllegalArgumentException(
                    "--launcher process requires --agent or --agent-command");
        }
        if (home != null || permissionMode != null || budget != null) {
            throw new IllegalArgumentException(
                    specified().get(specified().size() - 1) + " requires --agent claude or codex");
        }
        try {
            return AgentSelection.of(AgentCommand.parse(command));
        } catch (IllegalArgumentException failure) {
            throw new IllegalArgumentException("--agent-command: " + failure.getMessage(), failure);
        }
    }

    private ProfileOptions options() {
        if (budget != null && budget.signum() <= 0) {
            throw new IllegalArgumentException(
                    "--agent-budget-usd must be positive, not " + budget);
        }
        Optional<PermissionMode> mode =
                Optional.ofNullable(permissionMode).flatMap(PermissionMode::fromWire);
        if (permissionMode != null && mode.isEmpty()) {
            throw new IllegalArgumentException(
                    "--agent-permission-mode: unknown mode " + permissionMode);
        }
        return new ProfileOptions(
                Optional.ofNullable(command),
                mode,
                Optional.ofNullable(home).map(Path::toAbsolutePath),
                Optional.ofNullable(budget),
                List.of());
    }

    private static AgentProfile profile(String name, ProfileOptions options) {
        return switch (name) {
            case "claude" -> new ClaudeProfile(options);
            case "codex" -> new CodexProfile(options);
            default ->
                    throw new IllegalArgumentException(
                            "--agent must be claude, codex or command, not " + name);
        };
    }
}
