package dev.errand.server.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code errand-server runs}: commands for operators of a running server. Exit codes: 0 on success,
 * 1 if the server rejected the request or cannot be reached, 2 if the command line is invalid.
 */
@Command(
        name = "runs",
        description = "Lists, shows, cancels and retries runs of a running server.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        commandListHeading = "%nCommands:%n",
        mixinStandardHelpOptions = true)
public final class RunsCommand implements Runnable {

    private static final int MAX_LIMIT = 1000;

    private final Map<String, String> environment;

    @Spec private CommandSpec spec;

    /** Creates the command. The environment provides values that the command line omits. */
    public RunsCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Fails because a subcommand is required. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "missing command; use list, show, cancel or retry");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the latest run of each task, or all runs of one task.")
    int list(
            @Mixin ConnectionOptions connection,
            @Parameters(
                            paramLabel = "TASK",
                            arity = "0..1",
                            description = "Task id, task number, or slug.")
                    @Nullable String task,
            @Option(
                            names = "--status",
                            paramLabel = "STATUS",
                            description = "List only runs with this status.")
                    @Nullable String status,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "20",
                            description =
                                    "Maximum number of runs, newest first. Default: ${DEFAULT-VALUE}.")
                    int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ParameterException(
                    spec.commandLine(), "--limit must be in 1.." + MAX_LIMIT + ", not " + limit);
        }
        return run(
                out -> {
                    ApiClient api = connection.client(environment);
                    ArrayNode runs = JsonNodeFactory.instance.arrayNode();
                    TextTable table = new TextTable("TASK", "RUN", "STATUS", "DURATION", "REASON");
                    if (task == null) {
                        String filter = status == null ? "" : "&status=" + encoded(status);
                        for (JsonNode found :
                                api.get("tasks/?limit=" + limit + filter).path("results")) {
                            if (found.path("latest_run").isObject()) {
                                add(runs, table, found, found.path("latest_run"));
                            }
                        }
                    } else {
                        String path = "tasks/" + RunSelector.taskId(api, task) + "/";
                        JsonNode found = api.get(path);
                        for (JsonNode run :
                                api.get(path + "runs/?limit=" + limit).path("results")) {
                            if (status == null || status.equals(run.path("status").asText())) {
                                add(runs, table, found, run);
                            }
                        }
                    }
                    if (connection.isJson()) {
                        out.println(runs.toPrettyString());
                    } else {
                        table.lines().forEach(out::println);
                    }
                });
    }

    private static void add(ArrayNode runs, TextTable table, JsonNode task, JsonNode run) {
        RunView view = view(run);
        runs.add(run);
        table.row(
                task.path("slug").asText(),
                view.text("id"),
                view.status(),
                view.duration(),
                view.shortReason());
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows the state of a run and the reason for it.")
    int show(@Mixin ConnectionOptions connection, @Mixin RunSelector reference) {
        return run(
                out -> {
                    ApiClient api = connection.client(environment);
                    JsonNode run = reference.find(api);
                    api.describe(run)
                            .ifPresent(words -> ((ObjectNode) run).set("_describe", words));
                    print(connection, api, run, out);
                });
    }

    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = "Cancels a run and stops its agent.")
    int cancel(@Mixin ConnectionOptions connection, @Mixin RunSelector reference) {
        return run(
                out -> {
                    ApiClient api = connection.client(environment);
                    JsonNode run = reference.find(api);
                    ObjectNode change = JsonNodeFactory.instance.objectNode();
                    change.put("status", "cancelled");
                    print(connection, api, api.patch(RunSelector.path(run), change), out);
                });
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Queues a new run that resumes an ended one.")
    int retry(@Mixin ConnectionOptions connection, @Mixin RunSelector reference) {
        return run(
                out -> {
                    ApiClient api = connection.client(environment);
                    JsonNode run = reference.find(api);
                    if (!view(run).hasEnded()) {
                        throw new CommandFailedException(
                                "run %s is %s; only an ended run can be retried, so cancel it first"
                                        .formatted(run.path("id").asText(), view(run).status()));
                    }
                    ObjectNode request = JsonNodeFactory.instance.objectNode();
                    request.put("resume_from_run_id", run.path("id").asText());
                    JsonNode task =
                            api.post("tasks/" + run.path("task").asText() + "/run/", request);
                    print(connection, api, task.path("latest_run"), out);
                });
    }

    private static void print(
            ConnectionOptions connection, ApiClient api, JsonNode run, PrintWriter out) {
        if (connection.isJson()) {
            out.println(run.toPrettyString());
        } else {
            JsonNode task = api.get("tasks/" + run.path("task").asText() + "/");
            view(run).lines(task).forEach(out::println);
        }
    }

    private static RunView view(JsonNode run) {
        return new RunView(run, Instant.now());
    }

    private int run(Consumer<PrintWriter> action) {
        try {
            action.accept(spec.commandLine().getOut());
            return ExitCode.OK;
        } catch (CommandFailedException failure) {
            spec.commandLine().getErr().println("errand-server runs: " + failure.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
