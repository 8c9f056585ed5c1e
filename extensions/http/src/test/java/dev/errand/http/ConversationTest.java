package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.run.Conversations;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.TaskId;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code task_session/} and {@code task_session_sync/} (docs/wire/conversations.md#l4). */
class ConversationTest {

    private static final String HELLO =
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    private String path;
    private String sandbox;
    private String token;

    @BeforeEach
    void newRun() {
        String task = Paths.newTask(rosa);
        String run = Paths.queued(rosa, task, "{}").get("id").asText();
        path = Paths.run(task, run);
        SandboxId id =
                new SandboxId(
                        ProjectId.of(7),
                        TaskId.parse(task).orElseThrow(),
                        RunId.parse(run).orElseThrow(),
                        1);
        sandbox = id.toString();
        token = host.errand().sandboxTokens().issue(id, Duration.ofHours(1)).reveal();
    }

    @Test
    void aSessionIsCreatedWrittenAndDownloaded() {
        JsonNode created = rosa.get(path + "task_session/").isJson(200).json();
        assertThat(created.size()).isEqualTo(3);
        assertThat(created.get("download_url").isNull()).isTrue();
        assertThat(created.get("content_sha256").isNull()).isTrue();

        JsonNode synced = sync("none", BodyPublishers.ofString("hello")).isJson(200).json();

        assertThat(synced)
                .hasToString(
                        "{\"id\":%s,\"content_sha256\":\"%s\"}"
                                .formatted(created.get("id"), HELLO));
        JsonNode read = rosa.get(path + "task_session/").isJson(200).json();
        assertThat(read.get("id")).isEqualTo(created.get("id"));
        assertThat(read.get("content_sha256").asText()).isEqualTo(HELLO);
        String link = read.get("download_url").asText();
        assertThat(URI.create(link).isAbsolute()).isTrue();
        assertThat(rosa.as(null).get(link).text()).isEqualTo("hello");
    }

    @Test
    void chunkedContentIsAccepted() {
        rosa.get(path + "task_session/");
        byte[] content = new byte[100_000];

        JsonNode synced =
                sync("none", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)))
                        .isJson(200)
                        .json();

        assertThat(synced.get("content_sha256").asText()).hasSize(64);
    }

    @Test
    void staleContentIsAConflict() {
        rosa.get(path + "task_session/");

        Reply reply = sync(HELLO, BodyPublishers.ofString("hello again"));

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.json())
                .hasToString(
                        "{\"type\":\"invalid_request\",\"code\":\"session_conflict\","
                                + "\"detail\":\"The task session content is stale\",\"attr\":null,"
                                + "\"error\":\"The task session content is stale\"}");
    }

    @Test
    void aMissingHeaderIsNamed() {
        Reply reply = send(List.of(), BodyPublishers.ofString("hello"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("attr").asText()).isEqualTo("X-Sandbox-ID");
    }

    @Test
    void contentAboveTheLimitIsRejectedByItsOperation() {
        rosa.get(path + "task_session/");

        Reply reply =
                sync("none", BodyPublishers.ofByteArray(new byte[Conversations.MAX_BYTES + 1]));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("code").asText()).isEqualTo("parse_error");
        assertThat(reply.json().get("detail").asText())
                .isEqualTo("The task session content size is invalid");
        assertThat(
                        sync("none", BodyPublishers.ofByteArray(new byte[Conversations.MAX_BYTES]))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void anotherMediaTypeIsRejected() {
        Reply reply =
                rosa.send(
                        "POST",
                        path + "task_session_sync/",
                        "application/json",
                        BodyPublishers.ofString("{}"));

        assertThat(reply.status()).isEqualTo(415);
    }

    private Reply sync(String ifMatch, BodyPublisher body) {
        return send(
                List.of("X-Sandbox-ID", sandbox, "X-Task-Run-Token", token, "If-Match", ifMatch),
                body);
    }

    private Reply send(List<String> headers, BodyPublisher body) {
        List<String> all = new ArrayList<>(headers);
        all.addAll(List.of("Content-Type", "application/octet-stream"));
        HttpRequest.Builder request =
                rosa.request(path + "task_session_sync/")
                        .headers(all.toArray(String[]::new))
                        .POST(body);
        return rosa.send(request);
    }
}
