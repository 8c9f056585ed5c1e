package dev.errand.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** A minimal client of the Tasks API. Thread-safe. */
final class TasksClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI base;
    private final String token;

    TasksClient(URI server, String project, String token) {
        String root = server.toString().endsWith("/") ? server.toString() : server + "/";
        this.base = URI.create(root + "api/projects/" + project + "/tasks/");
        this.token = token;
    }

    JsonNode createTask(String description, String repository)
            throws IOException, InterruptedException {
        return call("POST", "", Map.of("description", description, "repository", repository));
    }

    /** Uploads a file with the signed form, finalizes it, and returns the staged artifact. */
    JsonNode stage(String task, Attachment file) throws IOException, InterruptedException {
        Map<String, Object> upload =
                Map.of(
                        "name",
                        file.name(),
                        "type",
                        "user_attachment",
                        "size",
                        file.content().length);
        JsonNode prepared =
                call(
                                "POST",
                                task + "/staged_artifacts/prepare_upload/",
                                Map.of("artifacts", new Object[] {upload}))
                        .path("artifacts")
                        .path(0);
        post(prepared.path("presigned_post"), file);
        Map<String, Object> uploaded =
                Map.of(
                        "id",
                        prepared.path("id").asText(),
                        "name",
                        file.name(),
                        "type",
                        "user_attachment",
                        "storage_path",
                        prepared.path("storage_path").asText());
        return call(
                        "POST",
                        task + "/staged_artifacts/finalize_upload/",
                        Map.of("artifacts", new Object[] {uploaded}))
                .path("artifacts")
                .path(0);
    }

    JsonNode run(String task, String artifact) throws IOException, InterruptedException {
        return call(
                "POST",
                task + "/run/",
                Map.of("pending_user_artifact_ids", new String[] {artifact}));
    }

    JsonNode getRun(String task, String run) throws IOException, InterruptedException {
        return call("GET", task + "/runs/" + run + "/", null);
    }

    JsonNode cancel(String task, String run) throws IOException, InterruptedException {
        return call("PATCH", task + "/runs/" + run + "/", Map.of("status", "cancelled"));
    }

    /** Returns the log entries from an offset on. */
    JsonNode log(String task, String run, int offset) throws IOException, InterruptedException {
        return call(
                "GET", task + "/runs/" + run + "/session_logs/?limit=1000&offset=" + offset, null);
    }

    private JsonNode call(String method, String path, Object body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(TIMEOUT)
                        .header("Authorization", "Bearer " + token);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(
                            method,
                            HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        HttpResponse<byte[]> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode json = JSON.readTree(response.body());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    method
                            + " "
                            + response.uri().getPath()
                            + ": "
                            + response.statusCode()
                            + ", "
                            + json.path("detail").asText());
        }
        return json;
    }

    /** Sends all fields unchanged, then the content as the last part; without credentials. */
    private void post(JsonNode form, Attachment file) throws IOException, InterruptedException {
        String boundary = "quickstart-" + UUID.randomUUID();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, JsonNode> field : form.path("fields").properties()) {
            body.writeBytes(
                    utf8(
                            "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                                    .formatted(
                                            boundary, field.getKey(), field.getValue().asText())));
        }
        body.writeBytes(
                utf8(
                        ("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"upload\"\r\n"
                                        + "Content-Type: application/octet-stream\r\n\r\n")
                                .formatted(boundary)));
        body.writeBytes(file.content());
        body.writeBytes(utf8("\r\n--%s--\r\n".formatted(boundary)));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(form.path("url").asText()))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status / 100 != 2) {
            throw new IOException("the upload of " + file.name() + " failed with status " + status);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
