package dev.errand.server.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.internal.UuidText;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Parameters;

/** Names a run as people do: by its task, and itself if it is not the task's latest. */
final class RunReference {

    private static final Pattern NUMBERED = Pattern.compile("(?:.*-)?([0-9]{1,18})");

    @Parameters(
            index = "0",
            paramLabel = "TASK",
            description = "the task: its id, its number, or its slug such as ACM-42")
    private String task;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "RUN",
            description = "the run's id; the task's latest run unless given")
    private String run;

    /**
     * Reads the run.
     *
     * @throws Refusal if there is none
     */
    JsonNode find(ApiClient api) {
        if (run != null) {
            String id = uuid(run).orElseThrow(() -> new Refusal("'" + run + "' is no run's id"));
            return api.get(path(taskId(api, task), id));
        }
        JsonNode latest = api.get("tasks/" + taskId(api, task) + "/").path("latest_run");
        if (!latest.isObject()) {
            throw new Refusal("task " + task + " has no run");
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
     * The id of a task.
     *
     * @throws Refusal if what it is called by names none
     */
    static String taskId(ApiClient api, String called) {
        Optional<String> id = uuid(called); // First: the end of an id may look like a number.
        if (id.isPresent()) {
            return id.get();
        }
        Matcher number = NUMBERED.matcher(called);
        if (!number.matches()) {
            throw new Refusal("'" + called + "' is neither an id nor a task's number");
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
        throw new Refusal("there is no task number " + number + " in this project");
    }

    private static Optional<String> uuid(String text) {
        return UuidText.parse(text).map(UUID::toString);
    }
}
