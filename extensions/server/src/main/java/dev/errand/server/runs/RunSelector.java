package dev.errand.server.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.internal.UuidText;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Selects a run by its task and optionally its id. */
final class RunSelector {

    private static final Pattern NUMBERED = Pattern.compile("(?:.*-)?([0-9]{1,18})");

    @Parameters(
            index = "0",
            paramLabel = "TASK",
            description = "Task id, task number, or slug such as ACM-42.")
    private String task;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "RUN",
            description = "Run id. Default: the latest run of the task.")
    private @Nullable String run;

    /**
     * Reads the selected run.
     *
     * @throws CommandFailedException if it does not exist
     */
    JsonNode find(ApiClient api) {
        if (run != null) {
            String id =
                    uuid(run)
                            .orElseThrow(
                                    () ->
                                            new CommandFailedException(
                                                    "'" + run + "' is not a run id"));
            return api.get(path(taskId(api, task), id));
        }
        JsonNode latest = api.get("tasks/" + taskId(api, task) + "/").path("latest_run");
        if (!latest.isObject()) {
            throw new CommandFailedException("task " + task + " has no run");
        }
        return latest;
    }

    static String path(JsonNode run) {
        return path(run.path("task").asText(), run.path("id").asText());
    }

    private static String path(String task, String run) {
        return "tasks/" + task + "/runs/" + run + "/";
    }

    /**
     * Returns the id of a task that is named by its id, number or slug.
     *
     * @throws CommandFailedException if the task does not exist
     */
    static String taskId(ApiClient api, String name) {
        Optional<String> id =
                uuid(name); // Checked first because the end of an id may look like a number.
        if (id.isPresent()) {
            return id.get();
        }
        Matcher number = NUMBERED.matcher(name);
        if (!number.matches()) {
            throw new CommandFailedException(
                    "'" + name + "' is neither a task id nor a task number");
        }
        return taskId(api, Long.parseLong(number.group(1)));
    }

    private static String taskId(ApiClient api, long number) {
        for (String internal : new String[] {"false", "true"}) {
            JsonNode found =
                    api.get("tasks/?limit=1000&search=-%d&internal=%s".formatted(number, internal));
            for (JsonNode task : found.path("results")) {
                if (task.path("task_number").asLong() == number) {
                    return task.path("id").asText();
                }
            }
        }
        throw new CommandFailedException(
                "there is no task with number " + number + " in this project");
    }

    private static Optional<String> uuid(String text) {
        return UuidText.parse(text).map(UUID::toString);
    }
}
