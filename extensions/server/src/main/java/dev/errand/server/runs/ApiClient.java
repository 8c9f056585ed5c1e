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

/** The Tasks API of one server and project, as far as an operator needs it. Thread-safe. */
final class ApiClient {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI server;
    private final String project;
    private final String token;

    ApiClient(URI server, String project, String token) {
        this.server = server;
        this.project = project;
        this.token = token;
    }

    /**
     * Reads.
     *
     * @throws Refusal if the server is not there or refuses
     */
    JsonNode get(String path) {
        return send(path, "GET", BodyPublishers.noBody());
    }

    /**
     * Asks for something new.
     *
     * @throws Refusal if the server is not there or refuses
     */
    JsonNode post(String path, JsonNode body) {
        return send(path, "POST", BodyPublishers.ofString(body.toString()));
    }

    /**
     * Changes.
     *
     * @throws Refusal if the server is not there or refuses
     */
    JsonNode patch(String path, JsonNode body) {
        return send(path, "PATCH", BodyPublishers.ofString(body.toString()));
    }

    /** Why a run is where it is, where the server tells; empty where it has no such answer. */
    Optional<JsonNode> describe(JsonNode run) {
        try {
            return Optional.of(
                    get(
                            "/_describe/projects/%s/tasks/%s/runs/%s"
                                    .formatted(
                                            project,
                                            run.path("task").asText(),
                                            run.path("id").asText())));
        } catch (Refusal notThere) {
            return Optional.empty();
        }
    }

    private JsonNode send(String path, String method, HttpRequest.BodyPublisher body) {
        HttpResponse<String> response;
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    server.resolve("/api/projects/" + project + "/").resolve(path))
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .method(method, body)
                            .build();
            response = http.send(request, BodyHandlers.ofString());
        } catch (IOException | IllegalArgumentException failure) {
            String why = failure.getMessage();
            throw new Refusal("cannot reach " + server + (why == null ? "" : ": " + why), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted", interrupted);
        }
        JsonNode answer = parse(response.body());
        if (response.statusCode() / 100 != 2) {
            String detail = answer.path("detail").asText("no Errand answered");
            throw new Refusal("%s (%d)".formatted(detail, response.statusCode()));
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
