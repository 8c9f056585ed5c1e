package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Task summaries and the repositories of a project (docs/wire/tasks.md#i14, #i15). */
class TaskSummaryTest {

    private static final String SUMMARIES = Paths.TASKS + "summaries/";
    private static final String REPOSITORIES = Paths.TASKS + "repositories/";

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    @Test
    void aSummaryHasTheDocumentedMembers() {
        String plain = Paths.newTask(rosa, "{\"title\": \"Plain\"}");
        host.clock().advance(Duration.ofSeconds(1));
        String ran = Paths.newTask(rosa, "{\"title\": \"Ran\", \"repository\": \"acme/mobile\"}");
        Paths.queued(rosa, ran, "{}");
        JsonNode task = rosa.get(Paths.task(ran)).json();

        JsonNode page =
                rosa.post(SUMMARIES, ids(plain, ran, ran, Paths.MISSING)).isJson(200).json();

        Shapes.isPage(page);
        assertThat(page.get("count").asInt()).isEqualTo(2);
        JsonNode shown = page.get("results").get(0);
        assertThat(shown.get("id").asText()).isEqualTo(ran);
        assertThat(shown)
                .isEqualTo(
                        Reply.json(
                                """
                                {"id": "%s", "title": "Ran", "repository": "acme/mobile",
                                 "created_at": %s, "updated_at": %s,
                                 "latest_run": {"status": "queued", "environment": "cloud"}}"""
                                        .formatted(
                                                ran,
                                                task.get("created_at"),
                                                task.get("updated_at"))));
        assertThat(page.get("results").get(1).get("latest_run").isNull()).isTrue();
        assertThat(page.get("results").get(1).get("repository").isNull()).isTrue();
    }

    /** Clients send the same body to the path and query of {@code next}. */
    @Test
    void theSameBodySentToTheNextLinkReturnsTheNextPage() {
        String first = Paths.newTask(rosa);
        String second = Paths.newTask(rosa);
        String body = ids(first, second);

        JsonNode page = rosa.post(SUMMARIES + "?limit=1", body).isJson(200).json();
        URI next = URI.create(page.get("next").asText());
        JsonNode rest = rosa.post(next.getRawPath() + "?" + next.getRawQuery(), body).json();

        assertThat(List.of(idOf(page), idOf(rest))).containsExactlyInAnyOrder(first, second);
        assertThat(rest.get("count").asInt()).isEqualTo(2);
        assertThat(rest.get("next").isNull()).isTrue();
    }

    @Test
    void invalidRequestsAreRejectedAsDocumented() {
        rosa.post(SUMMARIES, "{\"ids\": [\"x\"]}")
                .isInvalid("invalid_input", "Must be a valid UUID.", "ids__0");
        String id = "\"" + Paths.MISSING + "\"";
        rosa.post(SUMMARIES, "{\"ids\": [" + (id + ",").repeat(5_000) + id + "]}")
                .isInvalid(
                        "max_length", "Ensure this field has no more than 5000 elements.", "ids");
        assertThat(rosa.get(SUMMARIES).isEnvelope().status()).isEqualTo(405);
        assertThat(rosa.post(REPOSITORIES, "{}").isEnvelope().status()).isEqualTo(405);
    }

    @Test
    void repositoriesOfListedTasksAreSortedAndDistinct() {
        try (Host empty = Host.started()) {
            Client client = empty.rosa();
            assertThat(client.get(REPOSITORIES).isJson(200).text())
                    .isEqualTo("{\"repositories\":[]}");
            for (String repository : List.of("acme/mobile", "acme/api", "Acme/API", "")) {
                Paths.newTask(client, "{\"repository\": \"" + repository + "\"}");
            }

            assertThat(client.get(REPOSITORIES).isJson(200).text())
                    .isEqualTo("{\"repositories\":[\"acme/api\",\"acme/mobile\"]}");
        }
    }

    private static String ids(String... ids) {
        return "{\"ids\": [\"" + String.join("\", \"", ids) + "\"]}";
    }

    private static String idOf(JsonNode page) {
        return page.get("results").get(0).get("id").asText();
    }
}
