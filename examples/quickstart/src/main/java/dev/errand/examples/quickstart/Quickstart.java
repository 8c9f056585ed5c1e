package dev.errand.examples.quickstart;

import dev.errand.agents.AgentProfile;
import dev.errand.agents.AgentReadiness;
import dev.errand.agents.ClaudeProfile;
import dev.errand.agents.CodexProfile;
import dev.errand.agents.ProfileOptions;
import dev.errand.server.AgentOptions;
import dev.errand.server.AgentSelection;
import dev.errand.server.ErrandServer;
import dev.errand.server.InvalidOptionsException;
import dev.errand.server.ServerOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one task on a git repository over HTTP with a real process in a sandbox. */
@Command(
        name = "quickstart",
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "quickstart [OPTIONS] [-- COMMAND ARG...]",
        description = {
            "",
            "Creates a task, stages a file, runs an agent in a sandbox and shows the results.",
            ""
        },
        footer = {
            "",
            "Everything runs on this machine, in memory and in temporary directories, and needs no"
                    + " network. The agent runs in its own directory as your user, so use one that you"
                    + " trust. It inherits only PATH, LANG, LC_* and TZ from your environment: an agent"
                    + " that needs a credential receives it with --agent-env.",
            "",
            "  quickstart --agent claude --prompt 'Fix the first failing test'",
            "  quickstart --agent-env HOME -- my-agent --quiet"
        })
public final class Quickstart implements Callable<Integer> {

    private static final int FAILED = 1;

    @Option(
            names = "--repository",
            paramLabel = "DIR",
            description =
                    "Git repository to work on. Default: the repository of the current directory.")
    private Path repository = Path.of("");

    @Option(
            names = "--attach",
            paramLabel = "FILE",
            description =
                    "File to attach. Default: README.md or the first Markdown file of the repository.")
    private Optional<Path> attach = Optional.empty();

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description =
                    "Prompt, which the agent reads from standard input. Default: ${DEFAULT-VALUE}")
    private String prompt = "Report on this repository.";

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Directory for the files of the run. Default: a new temporary directory.")
    private Optional<Path> results = Optional.empty();

    @Option(
            names = "--agent",
            paramLabel = "claude|codex",
            description =
                    "Runs Claude Code or Codex, which must be on the PATH. It gets the key in"
                            + " ANTHROPIC_API_KEY or OPENAI_API_KEY. Default: a script that reports on"
                            + " the repository.")
    private Optional<String> program = Optional.empty();

    @Option(
            names = "--agent-home",
            paramLabel = "DIR",
            description =
                    "Directory in which somebody has logged in with the program of --agent; used"
                            + " instead of a key.")
    private Optional<Path> login = Optional.empty();

    @Option(
            names = "--agent-env",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Environment variable that the agent inherits, such as one with a credential, or HOME"
                            + " for a program that is logged in; can be repeated or a comma-separated list.")
    private List<String> agentEnvironment = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Parameters(
            paramLabel = "COMMAND",
            description =
                    "Agent program and its arguments; $$QUICKSTART_REPOSITORY is the path of the"
                            + " repository. Default: a script that reports on the repository.")
    private List<String> command = new ArrayList<>();

    private final TerminalOutput terminal;
    private final InterruptHandler interruptHandler;

    private Quickstart(TerminalOutput terminal, InterruptHandler interruptHandler) {
        this.terminal = terminal;
        this.interruptHandler = interruptHandler;
    }

    /**
     * Exits with 0 if the run completed, 1 if it did not, 2 if the options are invalid, and 130
     * after Ctrl-C, which cancels the run first.
     */
    public static void main(String[] arguments) {
        InterruptHandler interruptHandler = InterruptHandler.listen();
        int code = run(System.out, TerminalOutput.isTerminal(), interruptHandler, arguments);
        interruptHandler.finished();
        if (code != 0) {
            System.exit(code);
        }
    }

    static int run(PrintStream out, String... arguments) {
        return run(out, false, new InterruptHandler(), arguments);
    }

    private static int run(
            PrintStream out,
            boolean isTerminal,
            InterruptHandler interruptHandler,
            String... arguments) {
        // Must precede the first log message, because a library would write to the console
        // otherwise.
        System.setProperty("org.jboss.logging.provider", "slf4j");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        return new CommandLine(
                        new Quickstart(new TerminalOutput(out, isTerminal), interruptHandler))
                .setStopAtPositional(true)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler(Quickstart::explain)
                .execute(arguments);
    }

    private static int explain(
            Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
        commandLine.getErr().println("quickstart: " + failure.getMessage());
        boolean isUsageError =
                failure instanceof IllegalArgumentException
                        || failure instanceof InvalidOptionsException;
        return isUsageError ? CommandLine.ExitCode.USAGE : FAILED;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<AgentProfile> profile = program.map(this::profile);
        GitRepository gitRepository = GitRepository.containing(repository.toAbsolutePath());
        Attachment attachment = Attachment.of(attach.or(gitRepository::defaultAttachment), prompt);
        try (Agent agent = Agent.of(command, gitRepository)) {
            AgentOptions agents =
                    profile.map(it -> AgentOptions.of(AgentSelection.of(List.of(it))))
                            .orElseGet(() -> AgentOptions.of(agent.command()))
                            .withInheritedVariables(agentEnvironment)
                            .withVariables(
                                    Map.of(
                                            "QUICKSTART_REPOSITORY",
                                            gitRepository.directory().toString()));
            ServerOptions options = ServerOptions.DEFAULT.withPort(0).withAgents(agents);
            try (ErrandServer server = ErrandServer.start(options)) {
                return new TaskWalkthrough(server, terminal, interruptHandler, results)
                        .show(
                                profile.isPresent() ? promptFor(gitRepository) : prompt,
                                gitRepository,
                                attachment);
            }
        }
    }

    /**
     * Returns the profile of the chosen program.
     *
     * @throws IllegalArgumentException if it is unknown, is not installed or has no credential
     */
    private AgentProfile profile(String name) {
        if (!command.isEmpty()) {
            throw new IllegalArgumentException("--agent cannot be combined with a command");
        }
        ProfileOptions profileOptions =
                login.map(Path::toAbsolutePath)
                        .map(ProfileOptions.DEFAULT::withLoginDirectory)
                        .orElse(ProfileOptions.DEFAULT);
        AgentProfile profile =
                switch (name) {
                    case "claude" -> new ClaudeProfile(profileOptions);
                    case "codex" -> new CodexProfile(profileOptions);
                    default ->
                            throw new IllegalArgumentException(
                                    "--agent must be claude or codex, not " + name);
                };
        if (AgentReadiness.check(profile, System.getenv())
                instanceof AgentReadiness.NotReady notReady) {
            throw new IllegalArgumentException(notReady.message());
        }
        return profile;
    }

    private String promptFor(GitRepository gitRepository) {
        return prompt
                + "\n\nThe git repository is "
                + gitRepository.directory()
                + ". Clone it into your working directory, and work on the clone.";
    }
}
