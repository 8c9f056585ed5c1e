package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * How a tool of Claude Code is drawn.
 *
 * @param kind the kind of tool call
 * @param verb the first word of the title, may be empty
 * @param subject the parameter that is the rest of the title
 */
record ClaudeTool(String kind, String verb, String subject) {

    private static final Map<String, ClaudeTool> TOOLS =
            Map.ofEntries(
                    Map.entry("Bash", new ClaudeTool("execute", "", "command")),
                    Map.entry("Read", new ClaudeTool("read", "Read", "file_path")),
                    Map.entry("Write", new ClaudeTool("edit", "Write", "file_path")),
                    Map.entry("Edit", new ClaudeTool("edit", "Edit", "file_path")),
                    Map.entry("NotebookEdit", new ClaudeTool("edit", "Edit", "notebook_path")),
                    Map.entry("Glob", new ClaudeTool("search", "Find", "pattern")),
                    Map.entry("Grep", new ClaudeTool("search", "Search", "pattern")),
                    Map.entry("WebFetch", new ClaudeTool("fetch", "Fetch", "url")),
                    Map.entry("WebSearch", new ClaudeTool("fetch", "Search the web for", "query")),
                    Map.entry("Task", new ClaudeTool("think", "Task:", "description")),
                    Map.entry("Agent", new ClaudeTool("think", "Task:", "description")));

    private static final int MAX_TITLE = 300;

    static void draw(String id, String name, JsonNode input, SessionUpdates updates) {
        ClaudeTool tool = TOOLS.getOrDefault(name, new ClaudeTool("other", readable(name), ""));
        String subject = input.path(tool.subject()).asText("");
        String title = (tool.verb() + " " + subject).strip();
        String path = input.path("file_path").asText(input.path("notebook_path").asText(""));
        updates.toolCall(
                id,
                title.isEmpty() ? name : shortened(title),
                tool.kind(),
                input,
                diff(input),
                path.isEmpty() ? List.of() : List.of(path));
    }

    /** Tools of an MCP server are named {@code mcp__<server>__<tool>}. */
    private static String readable(String name) {
        return name.startsWith("mcp__")
                ? name.substring("mcp__".length()).replaceFirst("__", ": ")
                : name;
    }

    private static ArrayNode diff(JsonNode input) {
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        String changed = input.path("new_string").asText(input.path("content").asText(""));
        if (input.has("file_path") && !changed.isEmpty()) {
            ObjectNode diff = content.addObject();
            diff.put("type", "diff");
            diff.put("path", input.path("file_path").asText());
            diff.put("oldText", input.path("old_string").textValue());
            diff.put("newText", changed);
        }
        return content;
    }

    static String shortened(String title) {
        String line = title.lines().findFirst().orElse("");
        return line.length() <= MAX_TITLE ? line : line.substring(0, MAX_TITLE) + "...";
    }
}
