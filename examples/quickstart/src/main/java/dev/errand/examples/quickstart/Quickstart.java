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
import dev.errand.server.RepositoryOptions;
import dev.errand.server.ServerOptions;
import dev.errand.spi.run.PermissionMode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
        customSynopsis = "quickstart [OPTIONS] [PROMPT] [-- COMMAND ARG...]",
        description = {
            "",
            "Creates a task, stages a file, runs an agent in a sandbox and shows the results.",
            ""
        },
        footer = {
            "",
            "COMMAND is another agent: a program that reads the prompt from standard input."
                    + " $QUICKSTART_REPOSITORY is the path or URL of the repository.",
            "",
            "Everything runs on this machine, in memory and in temporary directories, and needs no"
                    + " network. The agent works in a checkout of the repository as your user, so use"
                    + " one that you trust. It inherits only PATH, LANG, LC_* and TZ from your"
                    + " environment: an agent that needs a credential receives it with --agent-env."
                    + " Your own work tree is not changed.",
            "",
            "  quickstart --agent claude 'Fix the first failing test'",
            "  quickstart --agent-env HOME -- my-agent --quiet"
        })
public final class Quickstart implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final String END_OF_OPTIONS = "--";

    @Parameters(
            arity = "0..1",
            paramLabel = "PROMPT",
            description = "What the agent should do. Default: ${DEFAULT-VALUE}")
    private String prompt = "Report on this repository.";

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
            names = "--permission-mode",
            paramLabel = "MODE",
            description =
                    "Permissions of --agent, such as plan or bypassPermissions. By default it may"
                            + " change files of the checkout.")
    private Optional<String> permissionMode = Optional.empty();

    @Option(
            names = "--repository",
            paramLabel = "DIR|URL",
            description =
                    "Git repository to work on. Default: the repository of the current directory, or"
                            + " a small sample repository outside of one.")
    private Optional<String> repository = Optional.empty();

    @Option(
            names = "--attach",
            paramLabel = "FILE",
            description =
                    "File to attach. Default: README.md or the first Markdown file of the repository.")
    private Optional<Path> attach = Optional.empty();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Directory for the files of the run. Default: a new temporary directory.")
    private Optional<Path> results = Optional.empty();

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

    private final TerminalOutput terminal;
    private final InterruptHandler interruptHandler;
    private final List<String> command;

    private Quickstart(
            TerminalOutput terminal, InterruptHandler interruptHandler, List<String> command) {
        this.terminal = terminal;
        this.interruptHandler = interruptHandler;
        this.command = command;
    }

    /**
     * Exits with 0 if the run completed, 1 if it did not, 2 if the options are invalid or a
     * credential is missing, and 130 after Ctrl-C, which cancels the run first.
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
        List<String> words = Arrays.asList(arguments);
        int end = words.indexOf(END_OF_OPTIONS);
        List<String> options = end < 0 ? words : words.subList(0, end);
        List<String> command = end < 0 ? List.of() : words.subList(end + 1, words.size());
        return new CommandLine(
                        new Quickstart(
                                new TerminalOutput(out, isTerminal), interruptHandler, command))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler(Quickstart::explain)
                .execute(options.toArray(String[]::new));
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
        GitRepository gitRepository = repository();
        Attachment attachment = Attachment.of(attach.or(gitRepository::defaultAttachment), prompt);
        try (Agent agent = Agent.of(command, gitRepository)) {
            AgentOptions agents =
                    profile.map(it -> AgentOptions.of(AgentSelection.of(List.of(it))))
                            .orElseGet(() -> AgentOptions.of(agent.command()))
                            .withInheritedVariables(agentEnvironment)
                            .withVariables(
                                    Map.of("QUICKSTART_REPOSITORY", gitRepository.location()));
            if (worksInCheckout(profile, gitRepository)) {
                agents =
                        agents.withRepositories(
                                RepositoryOptions.of(
                                        Map.of(gitRepository.name(), gitRepository.location())));
            }
            ServerOptions options = ServerOptions.DEFAULT.withPort(0).withAgents(agents);
            try (ErrandServer server = ErrandServer.start(options)) {
                return new TaskWalkthrough(server, terminal, interruptHandler, results)
                        .show(prompt, gitRepository, attachment);
            }
        }
    }

    private GitRepository repository() throws IOException, InterruptedException {
        if (repository.isPresent()) {
            return GitRepository.of(repository.get());
        }
        Optional<GitRepository> own = GitRepository.containing(Path.of("").toAbsolutePath());
        if (own.isPresent()) {
            return own.get();
        }
        GitRepository sample = SampleRepository.create();
        terminal.line("this is not a git repository; made a sample in " + sample.location());
        return sample;
    }

    /** The script clones the repository itself, because it also reports on empty ones. */
    private boolean worksInCheckout(Optional<AgentProfile> profile, GitRepository gitRepository)
            throws IOException, InterruptedException {
        boolean hasBranch = gitRepository.hasBranch();
        if (profile.isPresent() && !hasBranch) {
            throw new IllegalArgumentException(
                    gitRepository.location()
                            + " has no commit on a branch; check out a branch, or commit first");
        }
        if (profile.isPresent() && gitRepository.hasUncommittedChanges()) {
            terminal.line("the agent does not see changes that are not committed");
        }
        return hasBranch && (profile.isPresent() || !command.isEmpty());
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
        ProfileOptions options = ProfileOptions.DEFAULT;
        if (login.isPresent()) {
            options = options.withLoginDirectory(login.get().toAbsolutePath());
        }
        if (permissionMode.isPresent()) {
            options =
                    options.withPermissionMode(
                            PermissionMode.fromWire(permissionMode.get())
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            "unknown permission mode "
                                                                    + permissionMode.get())));
        }
        AgentProfile profile =
                switch (name) {
                    case "claude" -> new ClaudeProfile(options);
                    case "codex" -> new CodexProfile(options);
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
}
