package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.JsonText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Creates log entries in the form that clients display (docs/wire/logs.md#i5): session updates as
 * defined by the Agent Client Protocol, and console entries. A text of more than 1,048,576
 * characters is truncated in an update. A console text of more than 65,536 characters is split into
 * several entries. Not thread-safe.
 */
public final class SessionUpdates {

    /** The longest message of a console entry, in characters. */
    private static final int MAX_MESSAGE = 64 * 1024;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** The levels of the console. */
    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    private final String time;
    private final List<JsonText> entries = new ArrayList<>();

    /** Creates entries with the given time. */
    public SessionUpdates(Instant time) {
        this.time = TIME.format(time);
    }

    /** Returns the entries that were added, in order. */
    public List<JsonText> entries() {
        return List.copyOf(entries);
    }

    /** Adds a message of the agent. */
    public SessionUpdates message(String text) {
        return update("agent_message", content(text));
    }

    /** Adds a thought of the agent. */
    public SessionUpdates thought(String text) {
        return update("agent_thought_chunk", content(text));
    }

    /**
     * Adds the start of a tool call.
     *
     * @param id its id, unique within the log
     * @param title what it does, for people
     * @param kind one of the protocol's kinds, such as {@code execute}, {@code edit} and {@code
     *     other}
     * @param inputJson its parameters, a JSON value
     */
    public SessionUpdates toolCall(String id, String title, String kind, JsonText inputJson) {
        return toolCall(id, title, kind, JsonLines.parse(inputJson.text()).orElse(JSON.nullNode()));
    }

    SessionUpdates toolCall(String id, String title, String kind, JsonNode input) {
        return toolCall(id, title, kind, input, JSON.arrayNode(), List.of());
    }

    SessionUpdates toolCall(
            String id,
            String title,
            String kind,
            JsonNode input,
            ArrayNode content,
            List<String> paths) {
        ObjectNode members = JSON.objectNode();
        members.put("toolCallId", id);
        members.put("title", title);
        members.put("kind", kind);
        members.put("status", "in_progress");
        members.set("rawInput", input);
        if (!content.isEmpty()) {
            members.set("content", content);
        }
        if (!paths.isEmpty()) {
            ArrayNode locations = members.putArray("locations");
            paths.forEach(path -> locations.addObject().put("path", path));
        }
        return update("tool_call", members);
    }

    /**
     * Adds the end of a tool call.
     *
     * @param id the id of its start
     * @param succeeded whether it succeeded
     * @param output what it returned, may be empty
     */
    public SessionUpdates toolResult(String id, boolean succeeded, String output) {
        ArrayNode content = JSON.arrayNode();
        if (!output.isEmpty()) {
            content.add(textContent(output));
        }
        return toolResult(id, succeeded, content);
    }

    SessionUpdates toolResult(String id, boolean succeeded, ArrayNode content) {
        ObjectNode members = JSON.objectNode();
        members.put("toolCallId", id);
        members.put("status", succeeded ? "completed" : "failed");
        if (!content.isEmpty()) {
            members.set("content", content);
        }
        return update("tool_call_update", members);
    }

    /**
     * A step of a plan.
     *
     * @param content what it does
     * @param status {@code pending}, {@code in_progress} or {@code completed}
     */
    public record PlanStep(String content, String status) {}

    /** Adds the whole plan, which replaces the one before. */
    public SessionUpdates plan(List<PlanStep> steps) {
        ObjectNode members = JSON.objectNode();
        ArrayNode list = members.putArray("entries");
        for (PlanStep step : steps) {
            list.addObject()
                    .put("content", step.content())
                    .put("priority", "medium")
                    .put("status", step.status());
        }
        return update("plan", members);
    }

    SessionUpdates usage(ObjectNode members) {
        return update("usage_update", members);
    }

    /** Adds the id by which the conversation can be continued. */
    public SessionUpdates session(String adapter, String sessionId) {
        ObjectNode parameters = JSON.objectNode();
        parameters.put("sessionId", sessionId);
        parameters.put("adapter", adapter);
        return notification("_posthog/sdk_session", parameters);
    }

    /** Adds a text of the console. A long one becomes several entries, so that nothing is lost. */
    public SessionUpdates console(Level level, String message) {
        int from = 0;
        do {
            int to = Math.min(message.length(), from + MAX_MESSAGE);
            if (to < message.length() && Character.isHighSurrogate(message.charAt(to - 1))) {
                to--;
            }
            ObjectNode parameters = JSON.objectNode();
            parameters.put("level", level.name().toLowerCase(Locale.ROOT));
            parameters.put("message", message.substring(from, to));
            notification("_posthog/console", parameters);
            from = to;
        } while (from < message.length());
        return this;
    }

    static ObjectNode textContent(String text) {
        ObjectNode block = JSON.objectNode();
        block.put("type", "content");
        block.putObject("content").put("type", "text").put("text", text);
        return block;
    }

    private static ObjectNode content(String text) {
        ObjectNode members = JSON.objectNode();
        members.putObject("content").put("type", "text").put("text", text);
        return members;
    }

    private SessionUpdates update(String kind, ObjectNode members) {
        ObjectNode parameters = JSON.objectNode();
        ObjectNode update = parameters.putObject("update");
        update.put("sessionUpdate", kind);
        update.setAll(members);
        return notification("session/update", parameters);
    }

    private SessionUpdates notification(String method, ObjectNode parameters) {
        ObjectNode entry = JSON.objectNode();
        entry.put("type", "notification");
        entry.put("timestamp", time);
        ObjectNode notification = entry.putObject("notification");
        notification.put("jsonrpc", "2.0");
        notification.put("method", method);
        notification.set("params", JsonLines.cut(parameters));
        entries.add(JsonLines.text(entry));
        return this;
    }
}
