package dev.errand.server;

import dev.errand.process.AgentCommand;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: options of a server, and sub-commands. It starts nothing by itself. */
@Command(
        name = "errand-server",
        description = "Serves the Tasks API, and runs agents on this machine if asked to.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        footer = {
            "Each option can be given as an environment variable, too: --public-url as"
                    + " ERRAND_PUBLIC_URL. The option wins.",
            "",
            "Without --directory there is one project, number 1, and a new token for it is printed"
                    + " at each start.",
            "",
            "  errand-server --launcher process --agent-command 'sh -c \"wc -w\"'"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        subcommands = SchemaCommand.class)
final class ServerCommand {

    @ArgGroup(validate = false, heading = "%nListening%n", order = 1)
    private Subscription listening = new Subscription();

    @ArgGroup(validate = false, heading = "%nStorage%n", order = 2)
    private StorageArguments storage = new StorageArguments();

    @ArgGroup(validate = false, heading = "%nAgents%n", order = 3)
    private Agents agents = new Agents();

    @ArgGroup(validate = false, heading = "%nSandboxes of agents%n", order = 4)
    private SandboxArguments sandboxes = new SandboxArguments();

    @Spec private CommandSpec spec;

    /** Where it listens. */
    private static final class Subscription {
        @Option(
                names = "--host",
                paramLabel = "HOST",
                description = "name or address to listen on; ${DEFAULT-VALUE}, this machine alone")
        private String host = ServerOptions.DEFAULT.host();

        @Option(
                names = "--port",
                paramLabel = "PORT",
                description = "port to listen on, 0 for any free one; ${DEFAULT-VALUE}")
        private int port = ServerOptions.DEFAULT.port();

        @Option(
                names = "--public-url",
                paramLabel = "URL",
                description = "address that clients reach it by, behind a proxy for example")
        private URI publicUrl;

        @Option(
                names = "--metrics",
                paramLabel = "[HOST:]PORT",
                description =
                        "serve meters for Prometheus at /metrics of an address of their own,"
                                + " without credentials; on this machine alone unless HOST says"
                                + " otherwise, nowhere unless given")
        private String metrics;
    }

    /** What executes runs. */
    private static final class Agents {
        @Option(
                names = "--launcher",
                paramLabel = "none|process",
                description = "process: run agents on this machine, as its user; ${DEFAULT-VALUE}")
        private String launcher = NO_LAUNCHER;

        @Option(
                names = "--agent-command",
                paramLabel = "COMMAND",
                description =
                        "program and arguments, quoted as in a shell; gets the prompt on"
                                + " standard input")
        private String command;

        @Option(
                names = "--work-dir",
                paramLabel = "DIR",
                description =
                        "where agents work, for any servers of this machine; a temporary"
                                + " directory unless given")
        private Path workDirectory;

        @Option(
                names = "--slots",
                paramLabel = "N",
                description = "how many agents run at a time; " + AgentOptions.DEFAULT_SLOTS)
        private Integer slots;

        @Option(
                names = "--time-limit",
                paramLabel = "TIME",
                converter = PlainDuration.class,
                description = "how long one agent may run, 90s, 30m or 2h; 1h")
        private Duration timeLimit;

        @Option(
                names = "--silence-limit",
                paramLabel = "TIME",
                converter = PlainDuration.class,
                description =
                        "how long one agent may print and report nothing, unless it waits for a"
                                + " person; 30m")
        private Duration silenceLimit;

        @Option(
                names = "--stop-grace",
                paramLabel = "TIME",
                converter = PlainDuration.class,
                description = "how long an agent gets to end when it is asked to; 10s")
        private Duration stopGrace;

        @Option(
                names = "--lease",
                paramLabel = "TIME",
                converter = PlainDuration.class,
                description =
                        "after how long without a sign of life another server takes a run over;"
                                + " 30s")
        private Duration lease;

        @Option(
                names = "--pass-on",
                paramLabel = "NAME",
                split = ",",
                description = "further environment variables that agents get from here")
        private List<String> passOn;

        /** The options that make sense together with a launcher only, as far as they are given. */
        private List<String> given() {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("--agent-command", command);
            values.put("--work-dir", workDirectory);
            values.put("--slots", slots);
            values.put("--time-limit", timeLimit);
            values.put("--silence-limit", silenceLimit);
            values.put("--stop-grace", stopGrace);
            values.put("--lease", lease);
            values.put("--pass-on", passOn);
            values.values().removeIf(Objects::isNull);
            return List.copyOf(values.keySet());
        }
    }

    private static final String NO_LAUNCHER = "none";
    private static final String PROCESS_LAUNCHER = "process";

    /**
     * What the options say together.
     *
     * @throws ParameterException if they contradict each other
     */
    ServerOptions options() {
        storage.optionWithoutDatabase()
                .ifPresent(
                        option -> {
                            throw refusal(option + " needs --backend jdbc:…");
                        });
        try {
            return new ServerOptions(
                    listening.host,
                    listening.port,
                    Optional.ofNullable(listening.publicUrl),
                    storage.backend(),
                    storage.database(),
                    storage.objects(),
                    storage.keyFile(),
                    storage.directory(),
                    agentOptions(),
                    Optional.ofNullable(listening.metrics).map(MetricsAddress::parse));
        } catch (IllegalArgumentException refused) {
            throw refusal("--" + refused.getMessage());
        }
    }

    private Optional<AgentOptions> agentOptions() {
        return switch (agents.launcher) {
            case NO_LAUNCHER -> {
                List<String> given = new ArrayList<>(agents.given());
                given.addAll(sandboxes.given());
                if (!given.isEmpty()) {
                    throw refusal(given.get(0) + " needs --launcher process");
                }
                yield Optional.empty();
            }
            case PROCESS_LAUNCHER -> Optional.of(processAgents());
            default -> throw refusal("--launcher must be none or process, not " + agents.launcher);
        };
    }

    private AgentOptions processAgents() {
        if (agents.command == null) {
            throw refusal("--launcher process needs --agent-command");
        }
        AgentCommand command;
        try {
            command = AgentCommand.parse(agents.command);
        } catch (IllegalArgumentException refused) {
            throw refusal("--agent-command: " + refused.getMessage());
        }
        if (agents.slots != null && agents.slots < 1) {
            throw refusal("--slots must be 1 or more, not " + agents.slots);
        }
        requirePositive("--time-limit", agents.timeLimit);
        requirePositive("--silence-limit", agents.silenceLimit);
        requirePositive("--stop-grace", agents.stopGrace);
        requirePositive("--lease", agents.lease);
        SandboxOptions kept;
        try {
            kept = sandboxes.options(agents.workDirectory != null);
        } catch (IllegalArgumentException refused) {
            throw refusal(refused.getMessage());
        }
        return new AgentOptions(
                command,
                Optional.ofNullable(agents.workDirectory),
                orElse(agents.slots, AgentOptions.DEFAULT_SLOTS),
                orElse(agents.timeLimit, AgentOptions.DEFAULT_TIME_LIMIT),
                orElse(agents.silenceLimit, AgentOptions.DEFAULT_SILENCE_LIMIT),
                orElse(agents.stopGrace, AgentOptions.DEFAULT_STOP_GRACE),
                orElse(agents.lease, AgentOptions.DEFAULT_LEASE),
                orElse(agents.passOn, List.of()),
                Map.of(),
                kept);
    }

    private void requirePositive(String option, Duration time) {
        if (time != null && (time.isZero() || time.isNegative())) {
            throw refusal(option + " must be positive, not " + time);
        }
    }

    private static <T> T orElse(T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private ParameterException refusal(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
