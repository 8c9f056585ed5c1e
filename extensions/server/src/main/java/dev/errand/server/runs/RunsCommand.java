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
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code errand-server runs}: what an operator asks a running server. Exit codes: 0 when it was
 * done, 1 when the server refused or is not there, 2 when the command line is wrong.
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

    /** Takes what the command line leaves out from an environment. */
    public RunsCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Without a sub-command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say which: list, show, cancel or retry");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the latest run of each task, or all runs of one task.")
    int list(
            @Mixin Connection connection,
            @Parameters(
                            paramLabel = "TASK",
                            arity = "0..1",
                            description = "the task: its id, its number, or its slug")
                    String task,
            @Option(names = "--status", paramLabel = "STATUS", description = "only these")
                    String status,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "how many at most, newest first; ${DEFAULT-VALUE}")
                    int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ParameterException(
                    spec.commandLine(), "--limit must be in 1.." + MAX_LIMIT + ", not " + limit);
        }
        return answering(
                out -> {
                    ApiClient api = connection.client(environment);
                    ArrayNode runs = JsonNodeFactory.instance.arrayNode();
                    Table table = new Table("TASK", "RUN", "STATUS", "FOR", "WHY");
                    if (task == null) {
                        String filter = status == null ? "" : "&status=" + encoded(status);
                        for (JsonNode found :
                                api.get("tasks/?limit=" + limit + filter).path("results")) {
                            if (found.path("latest_run").isObject()) {
                                add(runs, table, found, found.path("latest_run"));
                            }
                        }
                    } else {
                        String path = "tasks/" + RunReference.taskId(api, task) + "/";
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

    private static void add(ArrayNode runs, Table table, JsonNode task, JsonNode run) {
        RunView view = view(run);
        runs.add(run);
        table.row(
                task.path("slug").asText(),
                view.text("id"),
                view.status(),
                view.duration(),
                view.whyInShort());
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows where a run is, and why.")
    int show(@Mixin Connection connection, @Mixin RunReference reference) {
        return answering(
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
            description = "Calls a run off; its agent is stopped.")
    int cancel(@Mixin Connection connection, @Mixin RunReference reference) {
        return answering(
                out -> {
                    ApiClient api = connection.client(environment);
                    JsonNode run = reference.find(api);
                    ObjectNode change = JsonNodeFactory.instance.objectNode();
                    change.put("status", "cancelled");
                    print(connection, api, api.patch(RunReference.path(run), change), out);
                });
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Queues a new run that resumes one that has ended.")
    int retry(@Mixin Connection connection, @Mixin RunReference reference) {
        return answering(
                out -> {
                    ApiClient api = connection.client(environment);
                    JsonNode run = reference.find(api);
                    if (!view(run).isOver()) {
                        throw new Refusal(
                                "run %s is %s; only one that has ended is retried, so cancel it first"
                                        .formatted(run.path("id").asText(), view(run).status()));
                    }
                    ObjectNode request = JsonNodeFactory.instance.objectNode();
                    request.put("resume_from_run_id", run.path("id").asText());
                    JsonNode task =
                            api.post("tasks/" + run.path("task").asText() + "/run/", request);
                    print(connection, api, task.path("latest_run"), out);
                });
    }

    private static void print(Connection connection, ApiClient api, JsonNode run, PrintWriter out) {
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

    private int answering(Consumer<PrintWriter> action) {
        try {
            action.accept(spec.commandLine().getOut());
            return ExitCode.OK;
        } catch (Refusal refused) {
            spec.commandLine().getErr().println("errand-server runs: " + refused.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
