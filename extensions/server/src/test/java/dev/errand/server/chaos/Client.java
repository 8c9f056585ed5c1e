package dev.errand.server.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A client that retries every request on a random server with the same idempotency key until it
 * succeeds. Thread-safe.
 */
final class Client {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final List<Node> nodes;
    private final String token;

    Client(List<Node> nodes, String token) {
        this.nodes = nodes;
        this.token = token;
    }

    /** Creates a task, queues a run of it, and returns the id of the run. */
    String queueRun(int number) {
        JsonNode task =
                retry("tasks/", "task-" + number, "{\"description\": \"task " + number + "\"}");
        return retry("tasks/" + task.get("id").textValue() + "/run/", "run-" + number, "{}")
                .at("/latest_run/id")
                .textValue();
    }

    /** Returns the body of a GET request. */
    String read(String path) {
        while (true) {
            try {
                HttpResponse<String> response =
                        send(randomNode(), path, token, "GET", "", "unused-" + path.hashCode());
                if (response.statusCode() == 200) {
                    return response.body();
                }
            } catch (IOException noAnswer) {
                // The server is paused or dead.
            }
            Pause.of(RETRY_DELAY);
        }
    }

    /** Reports a status with a sandbox token and returns the status code of the response. */
    int report(Node node, String path, String sandboxToken, String status) throws IOException {
        return send(
                        node,
                        path,
                        sandboxToken,
                        "PATCH",
                        "{\"status\": \"" + status + "\"}",
                        "late-" + ThreadLocalRandom.current().nextLong())
                .statusCode();
    }

    private JsonNode retry(String path, String key, String body) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                HttpResponse<String> response = send(randomNode(), path, token, "POST", body, key);
                if (response.statusCode() / 100 == 2) {
                    return MAPPER.readTree(response.body());
                }
                if (response.statusCode() < 500) {
                    throw new IllegalStateException(path + " was rejected: " + response.body());
                }
            } catch (IOException noAnswer) {
                // The outcome is unknown; the retry with the same key is safe.
            }
            Pause.of(RETRY_DELAY);
        }
        throw new IllegalStateException("interrupted");
    }

    private Node randomNode() {
        return nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
    }

    private HttpResponse<String> send(
            Node node, String path, String bearer, String method, String body, String key)
            throws IOException {
        URI address = node.url().resolve("/api/projects/1/").resolve(path);
        HttpRequest request =
                HttpRequest.newBuilder(address)
                        .timeout(TIMEOUT)
                        .header("Authorization", "Bearer " + bearer)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }
}
