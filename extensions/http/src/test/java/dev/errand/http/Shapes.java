package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Checks that a response object has exactly the documented members (docs/wire/README.md#a). */
final class Shapes {

    static final List<String> TASK =
            List.of(
                    "id",
                    "task_number",
                    "slug",
                    "title",
                    "title_manually_set",
                    "description",
                    "origin_product",
                    "repository",
                    "github_integration",
                    "github_user_integration",
                    "signal_report",
                    "json_schema",
                    "internal",
                    "latest_run",
                    "created_at",
                    "updated_at",
                    "created_by",
                    "ci_prompt");

    static final List<String> RUN =
            List.of(
                    "id",
                    "task",
                    "stage",
                    "branch",
                    "status",
                    "environment",
                    "runtime_adapter",
                    "provider",
                    "model",
                    "reasoning_effort",
                    "log_url",
                    "error_message",
                    "output",
                    "state",
                    "artifacts",
                    "created_at",
                    "updated_at",
                    "completed_at");

    static final List<String> ARTIFACT =
            List.of(
                    "id",
                    "name",
                    "type",
                    "source",
                    "size",
                    "content_type",
                    "storage_path",
                    "uploaded_at");

    static final List<String> PREPARED =
            List.of(
                    "id",
                    "name",
                    "type",
                    "source",
                    "size",
                    "content_type",
                    "storage_path",
                    "expires_in",
                    "presigned_post");

    static final List<String> PAGE = List.of("count", "next", "previous", "results");

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?Z";

    private Shapes() {}

    static void isTask(JsonNode task) {
        assertThat(Reply.members(task)).containsExactlyInAnyOrderElementsOf(TASK);
        assertThat(task.get("created_at").asText()).matches(TIME);
        assertThat(task.get("updated_at").asText()).matches(TIME);
        if (!task.get("latest_run").isNull()) {
            isRun(task.get("latest_run"));
        }
    }

    static void isRun(JsonNode run) {
        assertThat(Reply.members(run)).containsExactlyInAnyOrderElementsOf(RUN);
        assertThat(run.get("state").isObject()).isTrue();
        assertThat(run.get("created_at").asText()).matches(TIME);
        assertThat(run.get("updated_at").asText()).matches(TIME);
        run.get("artifacts").forEach(Shapes::isArtifact);
    }

    static void isArtifact(JsonNode artifact) {
        assertThat(Reply.members(artifact)).containsExactlyInAnyOrderElementsOf(ARTIFACT);
        assertThat(artifact.get("uploaded_at").asText()).matches(TIME);
    }

    static void isPage(JsonNode page) {
        assertThat(Reply.members(page)).containsExactlyInAnyOrderElementsOf(PAGE);
    }
}
