package dev.errand.examples.quickstart;

import dev.errand.server.AgentOptions;
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

/** Runs one task on a real git repository, over HTTP, with a real process in a sandbox. */
@Command(
        name = "quickstart",
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "quickstart [OPTIONS] [-- COMMAND ARG...]",
        description = {
            "",
            "Creates a task, stages a file, runs an agent in a sandbox, and shows what came out.",
            ""
        },
        footer = {
            "",
            "All of it happens on this machine, in memory and in temporary directories; nothing needs"
                    + " the network. An agent works in a directory of its own, as you, so name one"
                    + " that you trust."
        })
public final class Quickstart implements Callable<Integer> {

    private static final int FAILED = 1;

    @Option(
            names = "--repository",
            paramLabel = "DIR",
            description = "git repository to work on; the one around the current directory")
    private Path repository = Path.of("");

    @Option(
            names = "--attach",
            paramLabel = "FILE",
            description = "file to stage; the repository's README.md or first Markdown file")
    private Optional<Path> attach = Optional.empty();

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "what the agent is told, on standard input; ${DEFAULT-VALUE}")
    private String prompt = "Report on this repository.";

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "where the run's files are put; a new temporary directory")
    private Optional<Path> results = Optional.empty();

    @Option(
            names = "--pass-on",
            paramLabel = "NAME",
            split = ",",
            description = "further environment variables that the agent gets, HOME for example")
    private List<String> passOn = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this text and exit")
    private boolean help;

    @Parameters(
            paramLabel = "COMMAND",
            description =
                    "another agent, any program; $$QUICKSTART_REPOSITORY tells it where the"
                            + " repository is. Without one, a script that counts")
    private List<String> command = new ArrayList<>();

    private final Screen screen;
    private final Interruption interruption;

    private Quickstart(Screen screen, Interruption interruption) {
        this.screen = screen;
        this.interruption = interruption;
    }

    /**
     * Ends with 0 if the run completed, 1 if it did not, 2 if the options are wrong, and 130 after
     * Ctrl-C, which cancels the run first.
     */
    public static void main(String[] arguments) {
        Interruption interruption = Interruption.listen();
        int code = run(System.out, Screen.isTerminal(), interruption, arguments);
        interruption.finished();
        if (code != 0) {
            System.exit(code);
        }
    }

    static int run(PrintStream out, String... arguments) {
        return run(out, false, new Interruption(), arguments);
    }

    private static int run(
            PrintStream out, boolean terminal, Interruption interruption, String... arguments) {
        // Before anything logs: a library below would write to the console on its own.
        System.setProperty("org.jboss.logging.provider", "slf4j");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        return new CommandLine(new Quickstart(new Screen(out, terminal), interruption))
                .setStopAtPositional(true)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler(Quickstart::explain)
                .execute(arguments);
    }

    private static int explain(
            Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
        commandLine.getErr().println("quickstart: " + failure.getMessage());
        boolean mendOptions =
                failure instanceof IllegalArgumentException
                        || failure instanceof InvalidOptionsException;
        return mendOptions ? CommandLine.ExitCode.USAGE : FAILED;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Repository on = Repository.around(repository.toAbsolutePath());
        Attachment attachment = Attachment.of(attach.or(on::fileToStage), prompt);
        try (Agent agent = Agent.of(command, on)) {
            AgentOptions agents =
                    AgentOptions.of(agent.command())
                            .withInheritedVariables(passOn)
                            .withVariables(
                                    Map.of("QUICKSTART_REPOSITORY", on.directory().toString()));
            ServerOptions options = ServerOptions.DEFAULT.withPort(0).withAgents(agents);
            try (ErrandServer server = ErrandServer.start(options)) {
                return new Demonstration(server, screen, interruption, results)
                        .show(prompt, on, attachment);
            }
        }
    }
}
