package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.memory.InMemoryBackend;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.store.Backend;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two servers with different profiles on one storage (docs/wire/compatibility.md#l0). */
class ProfilesTest {

    private static final Backend STORAGE =
            InMemoryBackend.create(new SettableClock(Instant.parse("2026-05-07T09:30:00Z")));

    @RegisterExtension static final Host MAY = Host.with().backend(unused -> STORAGE).start();

    @RegisterExtension
    static final Host SEPTEMBER =
            Host.with().backend(unused -> STORAGE).profile(ApiProfile.V2026_09).start();

    private final Client may = MAY.rosa();
    private final Client september = SEPTEMBER.rosa();

    @Test
    void valuesOfALaterProfileReadNullInTheEarlierOne() {
        String task =
                "/api/projects/7/tasks/"
                        + created("{\"origin_product\": \"loop\"}").at("/id").asText()
                        + "/";
        Reply run =
                september.post(
                        task + "run/",
                        """
                        {"run_source": "agent", "runtime_adapter": "claude",
                         "model": "claude-opus-5", "reasoning_effort": "ultracode"}
                        """);

        assertThat(run.status()).isEqualTo(200);
        assertThat(run.json().at("/origin_product").asText()).isEqualTo("loop");
        assertThat(run.json().at("/latest_run/reasoning_effort").asText()).isEqualTo("ultracode");
        JsonNode earlier = may.get(task).json();
        assertThat(earlier.at("/origin_product").isNull()).isTrue();
        assertThat(earlier.at("/latest_run/reasoning_effort").isNull()).isTrue();
        assertThat(earlier.at("/latest_run/state/reasoning_effort").asText())
                .isEqualTo("ultracode");
        assertThat(earlier.at("/latest_run/state/run_source").asText()).isEqualTo("agent");
    }

    @Test
    void metadataOfArtifactsIsReturnedOnlyInTheLaterProfile() {
        String run = runOfNewTask();
        Reply uploaded =
                september.post(
                        run + "artifacts/",
                        """
                        {"artifacts": [{"name": "a.zip", "type": "skill_bundle", "content": "x",
                          "metadata": {"skill_name": "review", "skill_source": "repo",
                            "content_sha256":
                              "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
                            "bundle_format": "zip", "schema_version": 1}},
                          {"name": "b.md", "type": "plan", "content": "y"}]}
                        """);

        assertThat(uploaded.status()).isEqualTo(200);
        assertThat(uploaded.json().at("/artifacts/0/metadata").toString())
                .isEqualTo(
                        "{\"skill_name\":\"review\",\"skill_source\":\"repo\",\"content_sha256\":"
                                + "\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\","
                                + "\"bundle_format\":\"zip\",\"schema_version\":1}");
        assertThat(uploaded.json().at("/artifacts/1").has("metadata")).isFalse();
        JsonNode earlier = may.get(run).json().at("/artifacts/0");
        assertThat(earlier.has("metadata")).isFalse();
        assertThat(earlier.get("type").isNull()).isTrue();
    }

    @Test
    void aTaskCanBeCreatedWithItsFirstRun() {
        String body =
                """
                {"title": null, "description": "Fix it.", "repository": null, "branch": "", "start_run": true,
                 "naming_source": "From the chat", "auto_publish": true}
                """
                        .replace("\"title\": null, ", "");
        JsonNode task = created(body);

        assertThat(task.at("/title").asText()).isEqualTo("From the chat");
        assertThat(task.at("/latest_run/status").asText()).isEqualTo("queued");
        assertThat(task.at("/latest_run/environment").asText()).isEqualTo("cloud");
        assertThat(task.at("/latest_run/state").toString())
                .isEqualTo("{\"mode\":\"background\",\"auto_publish\":true}");
        assertThat(task.get("run_error").isNull()).isTrue();
        assertThat(task.has("run")).isFalse();
        JsonNode earlier = may.post("/api/projects/7/tasks/", body).json();
        assertThat(earlier.at("/latest_run").isNull()).isTrue();
        assertThat(earlier.has("run_error")).isFalse();
    }

    @Test
    void aFirstRunThatBreaksARuleCreatesNoTask() {
        long before = count();
        Reply refused =
                september.post(
                        "/api/projects/7/tasks/",
                        """
                        {"start_run": true, "runtime_adapter": "codex", "model": "gpt-5.4",
                         "reasoning_effort": "max"}
                        """);

        refused.isInvalid(
                "invalid_input",
                "Reasoning effort 'max' is not supported for runtime_adapter 'codex' and model"
                        + " 'gpt-5.4'. Supported values: low, medium, high.",
                "reasoning_effort");
        assertThat(count()).isEqualTo(before);
    }

    @Test
    void runTaskAlsoReturnsTheRun() {
        String task = "/api/projects/7/tasks/" + created("{}").at("/id").asText() + "/";
        JsonNode later = september.post(task + "run/", "{}").json();
        JsonNode earlier = may.post(task + "run/", "{}").json();

        assertThat(later.get("run")).isEqualTo(later.get("latest_run"));
        assertThat(later.get("run_error").isNull()).isTrue();
        Shapes.isTask(earlier);
    }

    @Test
    void customImagesAreUnknownWithoutADirectoryOfThem() {
        String task = "/api/projects/7/tasks/" + created("{}").at("/id").asText() + "/";
        Reply refused =
                september.post(
                        task + "run/",
                        "{\"custom_image_id\": \"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10\"}");

        refused.isInvalid("invalid_custom_image", "Invalid custom_image_id", "custom_image_id");
    }

    @Test
    void aLateStatusIsIgnoredInTheLaterProfile() {
        String run = runOfNewTask();
        september.patch(run, "{\"status\": \"completed\"}");
        String late =
                """
                {"status": "failed", "error_message": "late", "branch": "b", "state_append": {"k": 1}}
                """;
        JsonNode patched = september.patch(run, late).json();

        assertThat(patched.at("/status").asText()).isEqualTo("completed");
        assertThat(patched.at("/error_message").isNull()).isTrue();
        assertThat(patched.at("/branch").asText()).isEqualTo("b");
        assertThat(patched.at("/state/k").toString()).isEqualTo("[1]");
        Reply refused = may.patch(run, late);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/code").asText()).isEqualTo("invalid_status_transition");
    }

    @Test
    void archivedTasksAreHiddenInBothProfiles() {
        JsonNode task = created("{\"description\": \"" + "d".repeat(1_001) + "\"}");
        String path = "/api/projects/7/tasks/" + task.at("/id").asText() + "/";
        assertThat(task.at("/archived").asBoolean()).isFalse();
        assertThat(task.at("/archived_at").isNull()).isTrue();

        JsonNode archived = september.patch(path, "{\"archived\": true}").json();

        assertThat(archived.at("/archived").asBoolean()).isTrue();
        assertThat(archived.at("/archived_at")).isNotEqualTo(archived.at("/created_at").isNull());
        assertThat(september.patch(path, "{\"archived\": true}").json().at("/archived_at"))
                .isEqualTo(archived.at("/archived_at"));
        assertThat(may.get("/api/projects/7/tasks/").text()).doesNotContain(path);
        Shapes.isTask(may.get(path).json());
        JsonNode rows = september.get("/api/projects/7/tasks/?archived=true&basic=true").json();
        assertThat(rows.at("/count").asInt()).isEqualTo(1);
        assertThat(rows.at("/results/0/description_preview").asText()).hasSize(1_000);
        assertThat(rows.at("/results/0").has("description")).isFalse();
        assertThat(may.get("/api/projects/7/tasks/?archived=true").json().at("/count"))
                .isEqualTo(may.get("/api/projects/7/tasks/").json().at("/count"));
        JsonNode restored = september.patch(path, "{\"archived\": false}").json();
        assertThat(restored.at("/archived_at").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "archived=some,               invalid_choice, archived,               '\"some\" is not a valid choice.'",
        "exclude_origin_product=pear, invalid_choice, exclude_origin_product, '\"pear\" is not a valid choice.'",
        "internal=some,               invalid_input,  internal,               Must be a valid boolean."
    })
    void filtersOfTheLaterProfileAreChecked(String query, String code, String attr, String detail) {
        september.get("/api/projects/7/tasks/?" + query).isInvalid(code, detail, attr);
    }

    @Test
    void aTaskCanHaveSeveralRepositories() {
        JsonNode task =
                created(
                        "{\"repositories\": [\"Acme/Mobile\", \"acme/web\"], \"github_integration\": 12}");
        String path = "/api/projects/7/tasks/" + task.at("/id").asText() + "/";

        assertThat(task.at("/repository").asText()).isEqualTo("acme/mobile");
        assertThat(task.at("/repositories").toString()).isEqualTo("[\"acme/mobile\",\"acme/web\"]");
        assertThat(september.get("/api/projects/7/tasks/repositories/").text())
                .contains("\"acme/web\"");
        JsonNode changed = may.patch(path, "{\"repository\": \"acme/api\"}").json();
        assertThat(changed.at("/repository").asText()).isEqualTo("acme/api");
        assertThat(september.get(path).json().at("/repositories").toString())
                .isEqualTo("[\"acme/api\"]");
        september
                .patch(path, "{\"repositories\": [\"a/b\", \"A/B\"]}")
                .isInvalid("invalid_input", "Repositories must be unique", "repositories");
        september
                .patch(path, "{\"repositories\": [\"a/b\"], \"repository\": \"a/c\"}")
                .isInvalid("invalid_input", "Conflicts with repository", "repositories");
        september
                .patch(path, "{\"repositories\": [\"a/b\"], \"github_integration\": null}")
                .isInvalid(
                        "invalid_input",
                        "Required when repositories are configured",
                        "github_integration");
        september
                .patch(path, "{\"runtime\": \"pi\"}")
                .isInvalid(
                        "invalid_input",
                        "Runtime cannot be changed after task creation.",
                        "runtime");
        assertThat(created("{\"runtime\": \"pi\"}").at("/runtime").asText()).isEqualTo("pi");
    }

    private long count() {
        return september.get("/api/projects/7/tasks/").json().at("/count").asLong();
    }

    private JsonNode created(String body) {
        return september.post("/api/projects/7/tasks/", body).json();
    }

    private String runOfNewTask() {
        String task = "/api/projects/7/tasks/" + created("{}").at("/id").asText() + "/";
        String run = september.post(task + "runs/", "{}").json().at("/id").asText();
        return task + "runs/" + run + "/";
    }
}
