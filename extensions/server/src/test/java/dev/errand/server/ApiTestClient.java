package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** A client of a server under test that uses only HTTP and JSON. */
final class ApiTestClient {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String BOUNDARY = "a-line-that-is-in-no-file";
    private static final String JSON = "application/json";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final String token;

    ApiTestClient(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    /** Returns a client for the only project of a server without a directory file. */
    static ApiTestClient of(ErrandServer server) {
        return new ApiTestClient(server.url(), server.token().orElseThrow().reveal());
    }

    /** A response. */
    record Reply(int status, String text, HttpResponse<?> response) {
        JsonNode json() throws IOException {
            return MAPPER.readTree(text);
        }

        /** Returns the body of a response that must be successful. */
        JsonNode ok() throws IOException {
            assertThat(status).as(text).isBetween(200, 299);
            return json();
        }
    }

    static JsonNode json(String text) throws IOException {
        return MAPPER.readTree(text);
    }

    Reply get(String path) throws IOException {
        return send("GET", path, BodyPublishers.noBody());
    }

    Reply post(String path, String json) throws IOException {
        return send("POST", path, BodyPublishers.ofString(json));
    }

    Reply patch(String path, String json) throws IOException {
        return send("PATCH", path, BodyPublishers.ofString(json));
    }

    Reply delete(String path) throws IOException {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    /** Follows a link without credentials. */
    Reply follow(String url) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(url)).build());
    }

    /** Sends a signed form (docs/wire/artifacts.md#h5). */
    Reply upload(JsonNode form, String fileName, byte[] content) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, JsonNode> field : form.get("fields").properties()) {
            byte[] value = field.getValue().textValue().getBytes(StandardCharsets.UTF_8);
            part(body, "name=\"" + field.getKey() + "\"", "", value);
        }
        part(
                body,
                "name=\"file\"; filename=\"" + fileName.replace("\"", "%22") + "\"",
                "Content-Type: text/plain\r\n",
                content);
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return send(
                HttpRequest.newBuilder(URI.create(form.get("url").textValue()))
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                        .build());
    }

    String createTask(String description) throws IOException {
        String body = MAPPER.createObjectNode().put("description", description).toString();
        return post("tasks/", body).ok().get("id").textValue();
    }

    /** Stages a file in three steps and returns the artifact's id. */
    String stage(String task, String name, byte[] content) throws IOException {
        JsonNode prepared = prepare(task, name, content.length);
        Reply uploaded = upload(prepared.get("presigned_post"), name, content);
        assertThat(uploaded.status()).as(uploaded.text()).isEqualTo(204);
        return finalizeUpload(task, name, prepared);
    }

    /** Reserves a key and returns it with its form. */
    JsonNode prepare(String task, String name, int size) throws IOException {
        ObjectNode request = artifact(name).put("size", size);
        return post(staging(task, "prepare_upload"), list(request)).ok().at("/artifacts/0");
    }

    /** Finalizes an upload and returns the artifact's id. */
    String finalizeUpload(String task, String name, JsonNode prepared) throws IOException {
        ObjectNode finalize =
                artifact(name)
                        .put("id", prepared.get("id").textValue())
                        .put("storage_path", prepared.get("storage_path").textValue());
        return post(staging(task, "finalize_upload"), list(finalize))
                .ok()
                .at("/artifacts/0/id")
                .textValue();
    }

    /** Queues a run and returns its id. */
    String run(String task, String json) throws IOException {
        return post("tasks/" + task + "/run/", json).ok().at("/latest_run/id").textValue();
    }

    JsonNode getRun(String task, String run) throws IOException {
        return get(runPath(task, run)).ok();
    }

    static String runPath(String task, String run) {
        return "tasks/" + task + "/runs/" + run + "/";
    }

    /** Waits until a run has ended. */
    JsonNode awaitEnd(String task, String run) {
        return awaitEnd(task, run, TIMEOUT);
    }

    JsonNode awaitEnd(String task, String run, Duration atMost) {
        return await().atMost(atMost)
                .until(() -> getRun(task, run), it -> it.get("completed_at").isTextual());
    }

    private Reply send(String method, String path, BodyPublisher body) throws IOException {
        return send(
                HttpRequest.newBuilder(base.resolve("/api/projects/@current/").resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", JSON)
                        .method(method, body)
                        .build());
    }

    private Reply send(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private static ObjectNode artifact(String name) {
        return MAPPER.createObjectNode()
                .put("name", name)
                .put("type", "user_attachment")
                .put("content_type", "text/plain");
    }

    private static String list(JsonNode artifact) {
        return "{\"artifacts\": [" + artifact + "]}";
    }

    private static String staging(String task, String step) {
        return "tasks/" + task + "/staged_artifacts/" + step + "/";
    }

    private static void part(
            ByteArrayOutputStream body, String disposition, String headers, byte[] value) {
        String head =
                "--%s\r\nContent-Disposition: form-data; %s\r\n%s\r\n"
                        .formatted(BOUNDARY, disposition, headers);
        body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(value);
        body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
}
