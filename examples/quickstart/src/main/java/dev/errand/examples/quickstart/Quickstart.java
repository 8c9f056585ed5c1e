package dev.errand.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.process.AgentCommand;
import dev.errand.server.AgentOptions;
import dev.errand.server.ErrandServer;
import dev.errand.server.ServerOptions;
import dev.errand.spi.ProjectId;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one task on a real git repository, over HTTP, with a real process in a sandbox. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Creates a task, stages a file, runs a command-line agent in a sandbox, and shows what came out.",
            "Without COMMAND the agent is a small script that clones the repository and reports on it."
        })
public final class Quickstart implements Callable<Integer> {

    private static final String AGENT = "report-agent.sh";

    @Option(
            names = "--repository",
            paramLabel = "DIR",
            description =
                    "The git repository to work on; the one around the current directory by default.")
    private Path repository = Path.of("");

    @Option(
            names = "--attach",
            paramLabel = "FILE",
            description = "The file to stage; the repository's README.md by default.")
    private Optional<Path> attach = Optional.empty();

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "What the agent is told: ${DEFAULT-VALUE}")
    private String prompt = "Report on this repository.";

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where the artifacts are put; a new temporary directory by default.")
    private Optional<Path> results = Optional.empty();

    @Parameters(
            paramLabel = "COMMAND",
            description =
                    "Another agent with its arguments, after --; the prompt comes on standard input.")
    private List<String> command = new ArrayList<>();

    private final PrintStream out;

    Quickstart(PrintStream out) {
        this.out = out;
    }

    /** Ends with 0 if the run completed, 1 if it did not, 2 if the options are wrong. */
    public static void main(String[] arguments) {
        int code = run(System.out, arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    static int run(PrintStream out, String... arguments) {
        // Before anything logs: a library below would write to the console on its own.
        System.setProperty("org.jboss.logging.provider", "slf4j");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        return new CommandLine(new Quickstart(out))
                .setExecutionExceptionHandler(
                        (failure, commandLine, parsed) -> {
                            commandLine.getErr().println("quickstart: " + failure.getMessage());
                            return failure instanceof IllegalArgumentException ? 2 : 1;
                        })
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Repository on = Repository.around(repository.toAbsolutePath());
        Path file = attach.isPresent() ? attach.get() : on.fileToStage();
        Path scripts = Files.createTempDirectory("errand-quickstart");
        AgentCommand agent = agent(on, scripts);
        ServerOptions options =
                ServerOptions.DEFAULT.withPort(0).withAgents(AgentOptions.of(agent));
        try (ErrandServer server = ErrandServer.start(options)) {
            return demonstrate(server, on, file);
        } finally {
            Files.deleteIfExists(scripts.resolve(AGENT));
            Files.deleteIfExists(scripts);
        }
    }

    private int demonstrate(ErrandServer server, Repository on, Path file)
            throws IOException, InterruptedException {
        ProjectId project = server.projects().get(0);
        TasksClient client =
                new TasksClient(
                        server.url(), project.toString(), server.token().orElseThrow().reveal());
        out.println("Errand listens on " + server.url());

        JsonNode task = client.createTask(prompt, on.name());
        String taskId = task.path("id").asText();
        out.println(
                "created "
                        + task.path("slug").asText()
                        + ", \""
                        + task.path("title").asText()
                        + "\", for "
                        + on.name());

        JsonNode staged = client.stage(taskId, file);
        out.println(
                "staged "
                        + staged.path("name").asText()
                        + ", "
                        + staged.path("size").asLong()
                        + " bytes, by the signed form");

        JsonNode queued = client.run(taskId, staged.path("id").asText());
        String runId = queued.path("latest_run").path("id").asText();
        out.println("queued run " + runId);

        AtomicReference<String> running = new AtomicReference<>(runId);
        Thread cancelling = new Thread(() -> cancel(client, taskId, running.get()), "cancel");
        Runtime.getRuntime().addShutdownHook(cancelling);
        LiveLog log = new LiveLog(client, out, System.console() != null);
        JsonNode ended = log.follow(taskId, runId);
        running.set(null);
        Runtime.getRuntime().removeShutdownHook(cancelling);

        report(server, project, queued, ended, log);
        return ended.path("status").asText().equals("completed") ? 0 : 1;
    }

    private void report(
            ErrandServer server, ProjectId project, JsonNode task, JsonNode run, LiveLog log)
            throws IOException {
        Path directory =
                results.isPresent()
                        ? Files.createDirectories(results.get())
                        : Files.createTempDirectory(
                                "errand-quickstart-" + task.path("slug").asText() + "-");
        ResultTable table =
                new ResultTable()
                        .row(
                                "task",
                                task.path("slug").asText() + "  " + task.path("title").asText())
                        .row("repository", task.path("repository").asText())
                        .row("run", run.path("id").asText())
                        .row("status", run.path("status").asText())
                        .row("took", "%.1f s".formatted(log.elapsed().toMillis() / 1_000.0));
        if (!run.path("error_message").isNull()) {
            table.row("error", run.path("error_message").asText());
        }
        if (!run.path("output").isNull()) {
            table.row("output", run.path("output").toPrettyString());
        }
        for (JsonNode artifact : run.path("artifacts")) {
            Path file = directory.resolve(artifact.path("name").asText());
            try (InputStream content =
                    server.objects()
                            .open(project, artifact.path("storage_path").asText())
                            .orElseThrow()) {
                Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            }
            table.row(
                    artifact.path("type").asText().equals("output") ? "artifact" : "attached",
                    file + "  (" + artifact.path("size").asLong() + " bytes)");
        }
        table.print(out);
    }

    /** The shipped script, unless the caller names another agent. */
    private AgentCommand agent(Repository on, Path scripts) throws IOException {
        if (!command.isEmpty()) {
            return AgentCommand.of(command);
        }
        Path script = scripts.resolve(AGENT);
        try (InputStream shipped = Quickstart.class.getResourceAsStream(AGENT)) {
            Files.copy(shipped, script);
        }
        return AgentCommand.of(
                List.of("sh", script.toString(), on.directory().toAbsolutePath().toString()));
    }

    /** On Ctrl-C: the run is called off before the server goes. */
    private static void cancel(TasksClient client, String task, String run) {
        try {
            if (run != null) {
                client.cancel(task, run);
            }
        } catch (IOException gone) {
            // The server ends its sandboxes itself.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
