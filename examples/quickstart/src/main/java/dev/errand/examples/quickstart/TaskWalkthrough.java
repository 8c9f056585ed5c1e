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

/** Runs one task from its creation to its results as a client of the API. */
final class TaskWalkthrough {

    private static final int COMPLETED = 0;
    private static final int NOT_COMPLETED = 1;
    private static final String PATCH = "text/x-diff";

    private final ErrandServer server;
    private final ProjectId project;
    private final TasksClient client;
    private final TerminalOutput terminal;
    private final InterruptHandler interruptHandler;
    private final Optional<Path> results;

    TaskWalkthrough(
            ErrandServer server,
            TerminalOutput terminal,
            InterruptHandler interruptHandler,
            Optional<Path> results) {
        this.server = server;
        this.project = server.projects().get(0);
        this.client =
                new TasksClient(
                        server.url(), project.toString(), server.token().orElseThrow().reveal());
        this.terminal = terminal;
        this.interruptHandler = interruptHandler;
        this.results = results;
    }

    /** Runs the task and returns the exit code of the program. */
    int show(String prompt, GitRepository repository, Attachment attachment)
            throws IOException, InterruptedException {
        terminal.line("Errand listens on " + server.url());

        JsonNode task = client.createTask(prompt, repository.name());
        String taskId = task.path("id").asText();
        terminal.line(
                "created %s, \"%s\", for %s"
                        .formatted(
                                task.path("slug").asText(),
                                task.path("title").asText(),
                                repository.name()));

        JsonNode staged = client.stage(taskId, attachment);
        terminal.line(
                "staged %s, %d bytes, with the signed form"
                        .formatted(staged.path("name").asText(), staged.path("size").asLong()));

        JsonNode queued = client.run(taskId, staged.path("id").asText());
        String runId = queued.path("latest_run").path("id").asText();
        terminal.line("queued run " + runId);
        interruptHandler.onInterrupt(() -> cancel(taskId, runId));

        JsonNode ended = new LogFollower(client, terminal).follow(taskId, runId);
        report(queued, ended, repository);
        return ended.path("status").asText().equals("completed") ? COMPLETED : NOT_COMPLETED;
    }

    private void report(JsonNode task, JsonNode run, GitRepository repository) throws IOException {
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
        RunOutput output = new RunOutput(run.path("output"));
        output.summary().ifPresent(text -> table.row("summary", text));
        output.other().ifPresent(json -> table.row("output", json));
        output.changedFiles().forEach(file -> table.row("changed", file));
        Path directory =
                results.isPresent()
                        ? Files.createDirectories(results.get().toAbsolutePath())
                        : Files.createTempDirectory("errand-quickstart-" + slug + "-");
        ResultDownloader files = new ResultDownloader(server.objects(), project, directory);
        for (JsonNode artifact : run.path("artifacts")) {
            boolean isOutput = artifact.path("type").asText().equals("output");
            Path file = files.copy(artifact);
            String text = file + "  (" + artifact.path("size").asLong() + " bytes)";
            if (isOutput && artifact.path("content_type").asText().equals(PATCH)) {
                table.row("patch", text).row("apply it", howToApply(file, repository));
            } else {
                table.row(isOutput ? "artifact" : "attached", text);
            }
        }
        table.print(terminal);
    }

    private static String howToApply(Path patch, GitRepository repository) {
        return repository
                .directory()
                .map(directory -> "git -C " + quoted(directory) + " apply " + quoted(patch))
                .orElse("git apply " + quoted(patch));
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9/._-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static String seconds(JsonNode run) {
        Duration taken =
                Duration.between(
                        Instant.parse(run.path("created_at").asText()),
                        Instant.parse(run.path("completed_at").asText()));
        return String.format(Locale.ROOT, "%.1f s", taken.toMillis() / 1_000.0);
    }

    /** Requests the cancellation. The run ends as cancelled when its sandbox has stopped. */
    private void cancel(String task, String run) {
        try {
            terminal.line("cancelling");
            client.cancel(task, run);
        } catch (IOException failure) {
            terminal.line("cannot cancel: " + failure.getMessage());
        } catch (InterruptedException interruptedWhileWaiting) {
            Thread.currentThread().interrupt();
        }
    }
}
