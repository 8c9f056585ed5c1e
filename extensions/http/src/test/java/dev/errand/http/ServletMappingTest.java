package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.DownloadPolicy;
import java.net.URI;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mounting the servlet, and the URLs that result from it (docs/wire/conventions.md#d0). */
class ServletMappingTest {

    @ParameterizedTest
    @CsvSource({
        "/,      /*,          ''",
        "/,      /,           ''",
        "/app,   /,           /app",
        "/app,   /*,          /app",
        "/,      /errand/*,   /errand",
        "/a/b,   /c/d/*,      /a/b/c/d",
        "/,      /api/*,      ''",
        "/app,   /api/*,      /app",
        "/,      /v1/api/*,   /v1"
    })
    void theApiIsServedBelowItsBasePath(String context, String pattern, String base) {
        try (Host host = Host.with().mountedAt(context, pattern).start()) {
            Client rosa = host.rosa();
            String tasks = base + Paths.TASKS;
            rosa.post(tasks, "{}").isJson(201);
            rosa.post(tasks, "{}").isJson(201);

            JsonNode page = rosa.get(tasks + "?limit=1").isJson(200).json();

            assertThat(page.get("next").asText())
                    .isEqualTo(host.url().resolve(tasks) + "?limit=1&offset=1");
            rosa.get(page.get("next").asText()).isJson(200);
        }
    }

    @Test
    void linksAndFormsPointBelowTheBasePath() {
        try (Host host = Host.with().mountedAt("/app", "/errand/*").start()) {
            Client rosa = host.rosa();
            String base = "/app/errand";
            String task = rosa.post(base + Paths.TASKS, "{}").isJson(201).json().get("id").asText();
            String path = base + Paths.task(task);
            JsonNode run = rosa.post(path + "runs/", "{}").isJson(201).json();
            rosa.post(
                            path + "runs/" + run.get("id").asText() + "/append_log/",
                            "{\"entries\": [{}]}")
                    .isJson(200);

            assertThat(rosa.as(null).get(run.get("log_url").asText()).text()).isEqualTo("{}\n");

            JsonNode form =
                    rosa.post(
                                    path + "staged_artifacts/prepare_upload/",
                                    "{\"artifacts\": [{\"name\": \"a;b+c ü&.txt\","
                                            + " \"type\": \"plan\", \"size\": 1}]}")
                            .isJson(200)
                            .json()
                            .get("artifacts")
                            .get(0)
                            .get("presigned_post");
            Reply uploaded =
                    new Multipart()
                            .fields(form.get("fields"))
                            .file("", new byte[] {7})
                            .post(rosa, form.get("url").asText());
            assertThat(uploaded.status()).isEqualTo(204);
            String link =
                    host.objects()
                            .downloadUrl(
                                    AcmeDirectory.ACME,
                                    new DownloadPolicy(
                                            form.get("fields").get("key").asText(),
                                            "a",
                                            "",
                                            host.clock().instant().plusSeconds(9)))
                            .toString();
            assertThat(rosa.as(null).get(link).bytes()).containsExactly(7);
        }
    }

    @Test
    void pageLinksAndFormsStartWithThePublicUrl() {
        URI publicUrl = URI.create("https://errand.example.com/base/");
        try (Host host = Host.with().servlet(s -> s.publicUrl(publicUrl)).start()) {
            Client rosa = host.rosa();
            String task = Paths.newTask(rosa);
            Paths.newTask(rosa);

            assertThat(rosa.get(Paths.TASKS + "?limit=1").json().get("next").asText())
                    .isEqualTo(
                            "https://errand.example.com/base/api/projects/7/tasks/"
                                    + "?limit=1&offset=1");
            assertThat(
                            rosa.post(
                                            Paths.task(task) + "staged_artifacts/prepare_upload/",
                                            "{\"artifacts\": [{\"name\": \"a\","
                                                    + " \"type\": \"plan\", \"size\": 1}]}")
                                    .json()
                                    .at("/artifacts/0/presigned_post/url")
                                    .asText())
                    .isEqualTo("https://errand.example.com/base/_objects");
        }
    }

    @Test
    void invalidSettingsAreRejected() {
        Secret key = Secret.of("0123456789abcdef");
        for (String url : new String[] {"/relative", "ftp://a/", "https://a/?q", "https://a/#f"}) {
            assertThatThrownBy(() -> LogLinks.of(URI.create(url), key, Clock.systemUTC()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(
                        () ->
                                LogLinks.of(
                                        URI.create("https://a"),
                                        Secret.of("too short"),
                                        Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("too short");
        try (Host host = Host.started()) {
            ErrandServlet.Builder builder = ErrandServlet.builder(host.errand(), new Tokens());
            assertThatThrownBy(() -> builder.unauthenticatedStatus(404))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.maxBodyBytes(0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.maxLogBodyBytes(-1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.maxUploadBodyBytes(0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.publicUrl(URI.create("errand")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
