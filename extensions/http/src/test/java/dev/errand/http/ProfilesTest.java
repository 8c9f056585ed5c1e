package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.memory.InMemoryBackend;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.store.Backend;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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

    private JsonNode created(String body) {
        return september.post("/api/projects/7/tasks/", body).json();
    }

    private String runOfNewTask() {
        String task = "/api/projects/7/tasks/" + created("{}").at("/id").asText() + "/";
        String run = september.post(task + "runs/", "{}").json().at("/id").asText();
        return task + "runs/" + run + "/";
    }
}
