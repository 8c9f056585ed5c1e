package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.agents.SessionUpdates.Level;
import dev.errand.agents.SessionUpdates.PlanStep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Translates the items of a Codex conversation into log entries. Not thread-safe. */
final class CodexItems {

    private static final int MAX_OPEN = 1000;

    /** The members of an item that are not the parameters of the call. */
    private static final List<String> RESULTS =
            List.of("id", "type", "status", "aggregated_output", "exit_code", "result", "error");

    /** Calls whose start was drawn. */
    private final Set<String> open = new HashSet<>();

    private String prefix = "";

    /** Items are numbered within a process, so a second attempt would repeat their ids. */
    void thread(String id) {
        prefix = id + ":";
    }

    /** Draws an item; returns false if its kind is unknown. */
    boolean draw(JsonNode item, boolean completed, SessionUpdates updates) {
        switch (item.path("type").asText()) {
            case "agent_message", "reasoning", "error" -> {
                if (completed) {
                    text(item, updates);
                }
            }
            case "todo_list" -> {
                if (!completed) {
                    updates.plan(plan(item.path("items")));
                }
            }
            case "command_execution" -> {
                String command = item.path("command").asText();
                call(item, completed, command, "execute", List.of(), updates);
            }
            case "file_change" -> fileChange(item, completed, updates);
            case "mcp_tool_call" -> {
                String title = item.path("server").asText() + ": " + item.path("tool").asText();
                call(item, completed, title, "other", List.of(), updates);
            }
            case "web_search" -> {
                String title = "Search the web for " + item.path("query").asText();
                call(item, completed, title, "fetch", List.of(), updates);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void text(JsonNode item, SessionUpdates updates) {
        switch (item.path("type").asText()) {
            case "agent_message" -> updates.message(item.path("text").asText());
            case "reasoning" -> updates.thought(item.path("text").asText());
            default -> updates.console(Level.WARN, item.path("message").asText());
        }
    }

    private void fileChange(JsonNode item, boolean completed, SessionUpdates updates) {
        List<String> paths = new ArrayList<>();
        for (JsonNode change : item.path("changes")) {
            paths.add(change.path("path").asText());
        }
        call(item, completed, "Edit " + String.join(", ", paths), "edit", paths, updates);
    }

    private void call(
            JsonNode item,
            boolean completed,
            String title,
            String kind,
            List<String> paths,
            SessionUpdates updates) {
        String id = prefix + item.path("id").asText();
        boolean drawn = completed ? open.remove(id) : open.contains(id);
        if (!drawn) {
            updates.toolCall(
                    id,
                    ClaudeTool.shortened(title),
                    kind,
                    input(item),
                    JsonNodeFactory.instance.arrayNode(),
                    paths);
        }
        if (completed) {
            updates.toolResult(id, hasSucceeded(item), output(item));
        } else if (open.size() < MAX_OPEN) {
            open.add(id);
        }
    }

    private static JsonNode input(JsonNode item) {
        ObjectNode input = item.deepCopy();
        return input.remove(RESULTS);
    }

    private static boolean hasSucceeded(JsonNode item) {
        return item.path("status").asText("completed").equals("completed");
    }

    private static ArrayNode output(JsonNode item) {
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        String printed = item.path("aggregated_output").asText("");
        if (!printed.isEmpty()) {
            content.add(SessionUpdates.textContent(printed));
        }
        for (JsonNode block : item.path("result").path("content")) {
            content.add(SessionUpdates.textContent(block.path("text").asText("")));
        }
        String error = item.path("error").path("message").asText("");
        if (!error.isEmpty()) {
            content.add(SessionUpdates.textContent(error));
        }
        return content;
    }

    private static List<PlanStep> plan(JsonNode items) {
        List<PlanStep> steps = new ArrayList<>();
        for (JsonNode item : items) {
            boolean done = item.path("completed").asBoolean();
            steps.add(new PlanStep(item.path("text").asText(), done ? "completed" : "pending"));
        }
        return steps;
    }
}
