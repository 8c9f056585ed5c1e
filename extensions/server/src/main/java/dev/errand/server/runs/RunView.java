package dev.errand.server.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run as text for operators.
 *
 * @param run the run as returned by the API
 * @param now the current time
 */
record RunView(JsonNode run, Instant now) {

    private static final int MAX_CELL = 72;

    /** Returns whether the run has ended. */
    boolean hasEnded() {
        return time("completed_at").isPresent();
    }

    String status() {
        return text("status");
    }

    /** Returns the time since the run was created, or until it ended. */
    String duration() {
        return time("created_at")
                .map(from -> Duration.between(from, time("completed_at").orElse(now)))
                .map(RunView::format)
                .orElse("");
    }

    /** Returns one line about the reason for the status. */
    String reason() {
        return switch (status()) {
            case "not_started" -> "not started yet";
            case "queued" -> "waiting for a server with a free agent slot";
            case "in_progress" -> stage().map(stage -> "running: " + stage).orElse("running");
            case "completed" -> "completed successfully";
            case "cancelled" -> "cancelled";
            default -> text("error_message").isEmpty() ? "" : text("error_message");
        };
    }

    /** Returns the reason shortened for a table cell. */
    String shortReason() {
        String line = reason().lines().findFirst().orElse("");
        return line.length() <= MAX_CELL ? line : line.substring(0, MAX_CELL - 1) + "…";
    }

    /** Returns all details, one per line. */
    List<String> lines(JsonNode task) {
        List<String> lines = new ArrayList<>();
        add(lines, "task", task.path("slug").asText() + "  " + task.path("title").asText());
        add(lines, "task id", text("task"));
        add(lines, "run id", text("id"));
        add(lines, "status", status() + ", " + (hasEnded() ? "after " : "for ") + duration());
        JsonNode words = run.path("_describe");
        add(lines, "reason", reason());
        add(lines, "", words.path("sentence").asText(""));
        add(lines, "next", words.path("next").asText(""));
        add(lines, "at latest", words.path("next_at").asText(""));
        add(lines, "attempt", words.path("attempt").asText(""));
        add(lines, "failure", words.path("last_failure").asText(""));
        add(lines, "agents", words.path("agents").asText(""));
        add(lines, "repositories", words.path("repositories").asText(""));
        add(lines, "sandboxes", words.path("sandboxes").asText(""));
        add(lines, "where", text("environment"));
        add(lines, "branch", text("branch"));
        add(lines, "model", text("model"));
        add(lines, "created", text("created_at"));
        add(lines, "changed", text("updated_at"));
        add(lines, "ended", text("completed_at"));
        add(lines, "resumes", run.path("state").path("resume_from_run_id").asText(""));
        add(lines, "output", run.path("output").isNull() ? "" : run.path("output").toString());
        for (JsonNode artifact : run.path("artifacts")) {
            add(
                    lines,
                    "artifact",
                    artifact.path("name").asText() + ", " + artifact.path("size").asLong() + " B");
        }
        add(lines, "log", text("log_url"));
        return lines;
    }

    private static void add(List<String> lines, String name, String value) {
        if (!value.isBlank()) {
            String indented = value.strip().replace("\n", "\n            ");
            lines.add("%-10s  %s".formatted(name, indented));
        }
    }

    private Optional<String> stage() {
        return Optional.of(text("stage")).filter(stage -> !stage.isBlank());
    }

    String text(String member) {
        JsonNode value = run.path(member);
        return value.isTextual() ? value.textValue() : "";
    }

    private Optional<Instant> time(String member) {
        try {
            return Optional.of(text(member)).filter(text -> !text.isEmpty()).map(Instant::parse);
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    static String format(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
