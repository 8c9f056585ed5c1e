package dev.errand.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The output of a run, for people: the final message of the agent, the files that it changed in its
 * checkout, and everything else.
 *
 * @param json the output, which may be null
 */
record RunOutput(JsonNode json) {

    private static final String SUMMARY = "final_message";
    private static final int MAX_FILES = 20;

    /** What is shown otherwise, or follows from the patch. */
    private static final Set<String> MEMBERS =
            Set.of(
                    SUMMARY,
                    "base_branch",
                    "base_commit",
                    "head_branch",
                    "head_commit",
                    "pushed",
                    "commit_count",
                    "commits",
                    "changed_file_count",
                    "changed_files");

    Optional<String> summary() {
        return Optional.ofNullable(json.path(SUMMARY).textValue());
    }

    List<String> changedFiles() {
        List<String> lines = new ArrayList<>();
        for (JsonNode file : json.path("changed_files")) {
            if (lines.size() == MAX_FILES) {
                break;
            }
            lines.add(
                    "%s  (%s, +%d -%d)"
                            .formatted(
                                    file.path("path").asText(),
                                    file.path("status").asText(),
                                    file.path("additions").asLong(),
                                    file.path("deletions").asLong()));
        }
        long more = json.path("changed_file_count").asLong() - lines.size();
        if (more > 0) {
            lines.add("and " + more + " more files");
        }
        return lines;
    }

    Optional<String> other() {
        JsonNode rest = json.deepCopy();
        if (rest instanceof ObjectNode members) {
            members.remove(json.has("base_commit") ? MEMBERS : Set.of(SUMMARY));
        }
        return rest.isNull() || rest.isEmpty() && rest.isObject()
                ? Optional.empty()
                : Optional.of(rest.toPrettyString());
    }
}
