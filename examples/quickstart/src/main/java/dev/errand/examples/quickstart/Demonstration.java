package dev.errand.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.server.ErrandServer;
import dev.errand.spi.ProjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** One task from its creation to its results, as a client sees it. */
final class Demonstration {

    private static final int COMPLETED = 0;
    private static final int NOT_COMPLETED = 1;

    private final ErrandServer server;
    private final ProjectId project;
    private final TasksClient client;
    private final Screen screen;
    private final Interruption interruption;
    private final Optional<Path> results;

    Demonstration(
            ErrandServer server, Screen screen, Interruption interruption, Optional<Path> results) {
        this.server = server;
        this.project = server.projects().get(0);
        this.client =
                new TasksClient(
                        server.url(), project.toString(), server.token().orElseThrow().reveal());
        this.screen = screen;
        this.interruption = interruption;
        this.results = results;
    }

    /** Shows all of it; the answer is the program's exit code. */
    int show(String prompt, Repository on, Attachment attachment)
            throws IOException, InterruptedException {
        screen.line("Errand listens on " + server.url());

        JsonNode task = client.createTask(prompt, on.name());
        String taskId = task.path("id").asText();
        screen.line(
                "created %s, \"%s\", for %s"
                        .formatted(
                                task.path("slug").asText(),
                                task.path("title").asText(),
                                on.name()));

        JsonNode staged = client.stage(taskId, attachment);
        screen.line(
                "staged %s, %d bytes, by the signed form"
                        .formatted(staged.path("name").asText(), staged.path("size").asLong()));

        JsonNode queued = client.run(taskId, staged.path("id").asText());
        String runId = queued.path("latest_run").path("id").asText();
        screen.line("queued run " + runId);
        interruption.onInterrupt(() -> cancel(taskId, runId));

        JsonNode ended = new LiveLog(client, screen).follow(taskId, runId);
        report(queued, ended);
        return ended.path("status").asText().equals("completed") ? COMPLETED : NOT_COMPLETED;
    }

    private void report(JsonNode task, JsonNode run) throws IOException {
        String slug = task.path("slug").asText();
        ResultTable table =
                new ResultTable()
                        .row("task", slug + "  " + task.path("title").asText())
                        .row("repository", task.path("repository").asText())
                        .row("run", run.path("id").asText())
                        .row("status", run.path("status").asText())
                        .row("took", seconds(run));
        if (!run.path("error_message").isNull()) {
            table.row("error", run.path("error_message").asText());
        }
        if (!run.path("output").isNull()) {
            table.row("output", run.path("output").toPrettyString());
        }
        Path directory =
                results.isPresent()
                        ? Files.createDirectories(results.get().toAbsolutePath())
                        : Files.createTempDirectory("errand-quickstart-" + slug + "-");
        Results files = new Results(server.objects(), project, directory);
        for (JsonNode artifact : run.path("artifacts")) {
            boolean isOutput = artifact.path("type").asText().equals("output");
            table.row(
                    isOutput ? "artifact" : "attached",
                    files.copy(artifact) + "  (" + artifact.path("size").asLong() + " bytes)");
        }
        table.print(screen);
    }

    private static String seconds(JsonNode run) {
        Duration taken =
                Duration.between(
                        Instant.parse(run.path("created_at").asText()),
                        Instant.parse(run.path("completed_at").asText()));
        return String.format(Locale.ROOT, "%.1f s", taken.toMillis() / 1_000.0);
    }

    /** The run ends as cancelled once its sandbox is gone, and whoever follows it sees that. */
    private void cancel(String task, String run) {
        try {
            screen.line("cancelling");
            client.cancel(task, run);
        } catch (IOException failure) {
            screen.line("cannot cancel: " + failure.getMessage());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
