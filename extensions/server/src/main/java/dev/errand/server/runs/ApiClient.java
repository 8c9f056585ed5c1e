package dev.errand.server.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** A client of the Tasks API for one server and project. Thread-safe. */
final class ApiClient {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI server;
    private final String project;
    private final String token;

    ApiClient(URI server, String project, String token) {
        this.server = server;
        this.project = project;
        this.token = token;
    }

    /**
     * Sends a GET request.
     *
     * @throws CommandFailedException if the server cannot be reached or answers with an error
     */
    JsonNode get(String path) {
        return send(path, "GET", BodyPublishers.noBody());
    }

    /**
     * Sends a POST request.
     *
     * @throws CommandFailedException if the server cannot be reached or answers with an error
     */
    JsonNode post(String path, JsonNode body) {
        return send(path, "POST", BodyPublishers.ofString(body.toString()));
    }

    /**
     * Sends a PATCH request.
     *
     * @throws CommandFailedException if the server cannot be reached or answers with an error
     */
    JsonNode patch(String path, JsonNode body) {
        return send(path, "PATCH", BodyPublishers.ofString(body.toString()));
    }

    /** Returns the server's description of a run, or empty if the server does not provide one. */
    Optional<JsonNode> describe(JsonNode run) {
        try {
            return Optional.of(
                    get(
                            "/_describe/projects/%s/tasks/%s/runs/%s"
                                    .formatted(
                                            project,
                                            run.path("task").asText(),
                                            run.path("id").asText())));
        } catch (CommandFailedException unavailable) {
            return Optional.empty();
        }
    }

    private JsonNode send(String path, String method, HttpRequest.BodyPublisher body) {
        HttpResponse<String> response;
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    server.resolve("/api/projects/" + project + "/").resolve(path))
                            .timeout(TIMEOUT)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .method(method, body)
                            .build();
            response = http.send(request, BodyHandlers.ofString());
        } catch (IOException | IllegalArgumentException failure) {
            String reason = failure.getMessage();
            throw new CommandFailedException(
                    "cannot reach " + server + (reason == null ? "" : ": " + reason), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted", interrupted);
        }
        JsonNode answer = parse(response.body());
        if (response.statusCode() / 100 != 2) {
            String detail = answer.path("detail").asText("not an answer of an Errand server");
            throw new CommandFailedException("%s (%d)".formatted(detail, response.statusCode()));
        }
        return answer;
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException none) {
            return MissingNode.getInstance();
        }
    }
}
