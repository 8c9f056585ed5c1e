package dev.errand.server;

import dev.errand.http.TrafficLimits;
import dev.errand.profile.ApiProfile;
import dev.errand.retention.RetentionPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options and subcommands of the command line. Running it has no effect. */
@Command(
        name = "errand-server",
        description = "Serves the Tasks API and optionally runs agents on this machine.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        footer = {
            "Every option can also be set as an environment variable, such as ERRAND_PUBLIC_URL for"
                    + " --public-url. The command line takes precedence.",
            "",
            "Without --directory the server has one project with id 1 and prints a new token for it"
                    + " at each start.",
            "",
            "  errand-server --launcher process --agent-command 'sh -c \"wc -w\"'",
            "  errand-server --launcher process --agent claude --repositories \\",
            "      'https://git.example.com/{repository}.git'"
        },
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        subcommands = {SchemaCommand.class, PublicKeyCommand.class})
final class ServerCommand {

    @ArgGroup(validate = false, heading = "%nNetwork%n", order = 1)
    private NetworkArguments network = new NetworkArguments();

    @ArgGroup(validate = false, heading = "%nStorage%n", order = 2)
    private StorageArguments storage = new StorageArguments();

    @ArgGroup(validate = false, heading = "%nRetention%n", order = 3)
    private RetentionArguments retention = new RetentionArguments();

    @ArgGroup(validate = false, heading = "%nAgents%n", order = 4)
    private AgentArguments agents = new AgentArguments();

    @ArgGroup(validate = false, heading = "%nPrograms of agents%n", order = 5)
    private ProfileArguments profiles = new ProfileArguments();

    @ArgGroup(validate = false, heading = "%nRepositories%n", order = 6)
    private RepositoryArguments repositories = new RepositoryArguments();

    @ArgGroup(validate = false, heading = "%nSandboxes%n", order = 7)
    private SandboxArguments sandboxes = new SandboxArguments();

    @ArgGroup(validate = false, heading = "%nCommands to agents%n", order = 8)
    private AgentServerArguments connections = new AgentServerArguments();

    @ArgGroup(validate = false, heading = "%nLimits%n", order = 9)
    private TrafficArguments traffic = new TrafficArguments();

    @Spec private CommandSpec spec;

    /** The addresses of the server. */
    private static final class NetworkArguments {
        @Option(
                names = "--host",
                paramLabel = "HOST",
                description =
                        "Host name or IP address to listen on. Default: 127.0.0.1, "
                                + "which only this machine can reach.")
        private String host = ServerOptions.DEFAULT.host();

        @Option(
                names = "--port",
                paramLabel = "PORT",
                description =
                        "TCP port to listen on; 0 chooses a free port. Default: "
                                + "${DEFAULT-VALUE}.")
        private int port = ServerOptions.DEFAULT.port();

        @Option(
                names = "--public-url",
                paramLabel = "URL",
                description =
                        "Base URL under which clients reach the server, for example "
                                + "behind a proxy.")
        private @Nullable URI publicUrl;

        @Option(
                names = "--metrics",
                paramLabel = "[HOST:]PORT",
                description =
                        "Separate address that serves Prometheus metrics at /metrics "
                                + "without authentication. HOST defaults to 127.0.0.1. Default: "
                                + "no metrics.")
        private @Nullable String metrics;

        @Option(
                names = "--profile",
                paramLabel = "2026-05|2026-09",
                converter = ApiProfileConverter.class,
                description = "Version of the API. Default: 2026-05.")
        private ApiProfile profile = ServerOptions.DEFAULT.profile();

        @Option(
                names = "--operator-page",
                paramLabel = "none|read-only|actions",
                converter = OperatorPageConverter.class,
                description =
                        "Web page for operators at /ui/. actions: it also offers to cancel, retry "
                                + "and resume runs. Default: read-only.")
        private OperatorPage operatorPage = ServerOptions.DEFAULT.operatorPage();
    }

    /** How the server executes runs. */
    private static final class AgentArguments {
        @Option(
                names = "--launcher",
                paramLabel = "none|process",
                description =
                        "process: run agents as processes on this machine. none: run no "
                                + "agents. Default: ${DEFAULT-VALUE}.")
        private String launcher = NO_LAUNCHER;

        @Option(
                names = "--work-dir",
                paramLabel = "DIR",
                description =
                        "Directory for the sandboxes of agents, which servers on one "
                                + "machine may share. Default: a temporary directory that is "
                                + "deleted when the server stops.")
        private @Nullable Path workDirectory;

        @Option(
                names = "--slots",
                paramLabel = "N",
                description =
                        "Maximum number of agents that run at the same time. Default: "
                                + AgentOptions.DEFAULT_SLOTS
                                + ".")
        private @Nullable Integer slots;

        @Option(
                names = "--time-limit",
                paramLabel = "TIME",
                converter = DurationConverter.class,
                description =
                        "Maximum run time of an agent, such as 90s, 30m or 2h. " + "Default: 1h.")
        private @Nullable Duration timeLimit;

        @Option(
                names = "--inactivity-limit",
                paramLabel = "TIME",
                converter = DurationConverter.class,
                description =
                        "Maximum time for which an agent may print and report "
                                + "nothing, unless it waits for a user. Default: 30m.")
        private @Nullable Duration inactivityLimit;

        @Option(
                names = "--grace-period",
                paramLabel = "TIME",
                converter = DurationConverter.class,
                description =
                        "Time between SIGTERM and SIGKILL when an agent is stopped. "
                                + "Default: 10s.")
        private @Nullable Duration gracePeriod;

        @Option(
                names = "--lease",
                paramLabel = "TIME",
                converter = DurationConverter.class,
                description =
                        "Time without lease renewal after which another server takes "
                                + "over a run. Default: 30s.")
        private @Nullable Duration lease;

        @Option(
                names = "--agent-env",
                paramLabel = "NAME",
                split = ",",
                description =
                        "Environment variable of the server that agents inherit, such "
                                + "as one with a credential; can be repeated or a "
                                + "comma-separated list. Always inherited: PATH, LANG, LC_* and "
                                + "TZ.")
        private @Nullable List<String> inheritedVariables;

        /** Returns the specified options that require a launcher. */
        private List<String> specified() {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("--work-dir", workDirectory);
            values.put("--slots", slots);
            values.put("--time-limit", timeLimit);
            values.put("--inactivity-limit", inactivityLimit);
            values.put("--grace-period", gracePeriod);
            values.put("--lease", lease);
            values.put("--agent-env", inheritedVariables);
            values.values().removeIf(Objects::isNull);
            return List.copyOf(values.keySet());
        }
    }

    private static final String NO_LAUNCHER = "none";
    private static final String PROCESS_LAUNCHER = "process";

    /**
     * Returns the options.
     *
     * @throws ParameterException if an option is invalid or options contradict each other
     */
    ServerOptions options() {
        storage.optionThatRequiresDatabase()
                .ifPresent(
                        option -> {
                            throw invalid(option + " requires --backend jdbc:…");
                        });
        RetentionPolicy policy;
        TrafficLimits limits;
        try {
            policy = retention.policy();
            limits = traffic.limits();
        } catch (IllegalArgumentException failure) {
            throw invalid(failure.getMessage());
        }
        try {
            return new ServerOptions(
                    network.host,
                    network.port,
                    Optional.ofNullable(network.publicUrl),
                    storage.backend(),
                    storage.database(),
                    storage.objects(),
                    storage.keyFile(),
                    storage.directory(),
                    agentOptions(),
                    Optional.ofNullable(network.metrics).map(MetricsAddress::parse),
                    policy,
                    storage.logLimit(),
                    limits,
                    network.profile,
                    connections.options(),
                    network.operatorPage);
        } catch (IllegalArgumentException failure) {
            throw invalid("--" + failure.getMessage());
        }
    }

    private Optional<AgentOptions> agentOptions() {
        return switch (agents.launcher) {
            case NO_LAUNCHER -> {
                List<String> given = new ArrayList<>(profiles.specified());
                given.addAll(agents.specified());
                given.addAll(repositories.specified());
                given.addAll(sandboxes.specified());
                if (!given.isEmpty()) {
                    throw invalid(given.get(0) + " requires --launcher process");
                }
                yield Optional.empty();
            }
            case PROCESS_LAUNCHER -> Optional.of(processAgents());
            default -> throw invalid("--launcher must be none or process, not " + agents.launcher);
        };
    }

    private AgentOptions processAgents() {
        AgentSelection selection;
        try {
            selection = profiles.selection();
        } catch (IllegalArgumentException failure) {
            throw invalid(failure.getMessage());
        }
        if (agents.slots != null && agents.slots < 1) {
            throw invalid("--slots must be 1 or more, not " + agents.slots);
        }
        requirePositive("--time-limit", agents.timeLimit);
        requirePositive("--inactivity-limit", agents.inactivityLimit);
        requirePositive("--grace-period", agents.gracePeriod);
        requirePositive("--lease", agents.lease);
        SandboxOptions sandboxOptions;
        Optional<RepositoryOptions> repositoryOptions;
        try {
            repositoryOptions = repositories.options();
            sandboxOptions = sandboxes.options(agents.workDirectory != null);
        } catch (IllegalArgumentException failure) {
            throw invalid(failure.getMessage());
        }
        return new AgentOptions(
                selection,
                Optional.ofNullable(agents.workDirectory),
                orElse(agents.slots, AgentOptions.DEFAULT_SLOTS),
                orElse(agents.timeLimit, AgentOptions.DEFAULT_TIME_LIMIT),
                orElse(agents.inactivityLimit, AgentOptions.DEFAULT_INACTIVITY_LIMIT),
                orElse(agents.gracePeriod, AgentOptions.DEFAULT_GRACE_PERIOD),
                orElse(agents.lease, AgentOptions.DEFAULT_LEASE_DURATION),
                orElse(agents.inheritedVariables, List.of()),
                Map.of(),
                sandboxOptions,
                repositoryOptions);
    }

    private void requirePositive(String option, @Nullable Duration time) {
        if (time != null && (time.isZero() || time.isNegative())) {
            throw invalid(option + " must be positive, not " + time);
        }
    }

    private static <T> T orElse(@Nullable T value, T defaultValue) {
        return value == null ? defaultValue : value;
    }

    private ParameterException invalid(@Nullable String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
