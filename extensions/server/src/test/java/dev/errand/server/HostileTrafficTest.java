package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that try to take a real server away from others. */
class HostileTrafficTest {

    private static final int CONNECTIONS = 250;
    private static final Duration AT_ONCE = Duration.ofSeconds(8);
    private static final int FILE_BYTES = 30_000_000;
    private static final String GET = "GET /api/projects/1/tasks/ HTTP/1.1\r\n";
    private static final List<String> MALFORMED =
            List.of(
                    GET + "Host: a:b:c\r\n\r\n",
                    GET + "Host: [::1\r\n\r\n",
                    GET + "Host: a:999999\r\n\r\n",
                    GET + "Host: a b\r\n\r\n",
                    GET + "Host: a\r\nHost: b\r\n\r\n",
                    GET + "\r\n",
                    GET + "Host: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
                    "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n",
                    "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir Path folder;

    /** More connections than the server has threads; bodies are given up after ten seconds. */
    @Test
    void connectionsThatDripBodiesStopNeitherTheApiNorHealthChecks() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder, List.of())) {
            String token = server.readToken();
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    open.add(
                            drip(server.url(), "/_objects", "multipart/form-data; boundary=x", ""));
                    open.add(
                            drip(
                                    server.url(),
                                    "/api/projects/1/tasks/",
                                    "application/json",
                                    "Authorization: Bearer " + token + "\r\n"));
                }

                assertThat(get(server.url(), "/_health", token).statusCode()).isEqualTo(200);
                assertThat(get(server.url(), "/_ready", token).statusCode()).isEqualTo(200);
                ApiTestClient api = new ApiTestClient(server.url(), token);
                String task = api.createTask("honest");
                api.stage(task, "a.txt", new byte[100_000]);
                assertThat(get(server.url(), "/api/projects/1/tasks/", token).statusCode())
                        .isEqualTo(200);
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
            assertThat(server.errors()).doesNotContain("ERROR", "\tat ");
        }
    }

    @Test
    void parallelInlineUploadsDoNotExhaustTheHeap() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(
                        folder,
                        List.of("-Xmx256m"),
                        List.of("--objects=file:" + folder.resolve("objects")))) {
            String token = server.readToken();
            ApiTestClient api = new ApiTestClient(server.url(), token);
            String task = api.createTask("upload");
            String run = api.run(task, "");
            URI artifacts =
                    server.url()
                            .resolve("/api/projects/1/")
                            .resolve(ApiTestClient.runPath(task, run) + "artifacts/");
            String content = "x".repeat(FILE_BYTES);
            byte[] body =
                    ("{\"artifacts\": [{\"name\": \"a\", \"type\": \"output\", \"content\": \""
                                    + content
                                    + "\"}]}")
                            .getBytes(StandardCharsets.UTF_8);
            HttpClient http = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                HttpRequest request =
                        HttpRequest.newBuilder(artifacts)
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(body))
                                .build();
                replies.add(http.sendAsync(request, BodyHandlers.ofString()));
            }

            int stored = 0;
            for (CompletableFuture<HttpResponse<String>> each : replies) {
                HttpResponse<String> reply = each.join();
                if (reply.statusCode() == 200) {
                    stored++;
                } else {
                    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(503);
                    assertThat(reply.headers().firstValue("Retry-After")).hasValue("1");
                    JsonNode error = MAPPER.readTree(reply.body());
                    assertThat(error.get("code").textValue()).isEqualTo("overloaded");
                }
            }
            assertThat(stored).isPositive();
            assertThat(api.getRun(task, run).get("artifacts")).hasSize(stored);
            assertThat(server.errors()).doesNotContain("ERROR", "OutOfMemory");
        }
    }

    @Test
    void malformedRequestsWriteNoLogLines() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder, List.of())) {
            String before = server.errors();
            for (String request : MALFORMED) {
                try (Socket socket = new Socket("127.0.0.1", server.url().getPort())) {
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                    socket.shutdownOutput();
                    String reply =
                            new String(
                                    socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    assertThat(reply).as(request).startsWith("HTTP/1.1 ").contains("\"code\":");
                }
            }
            assertThat(server.errors()).isEqualTo(before);
        }
    }

    private static Socket drip(URI server, String path, String type, String headers)
            throws IOException {
        Socket socket = new Socket(server.getHost(), server.getPort());
        String head =
                "POST %s HTTP/1.1\r\nHost: a\r\n%sContent-Type: %s\r\nContent-Length: 1000\r\n\r\n{";
        socket.getOutputStream()
                .write(head.formatted(path, headers, type).getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static HttpResponse<String> get(URI server, String path, String token)
            throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.resolve(path))
                                .timeout(AT_ONCE)
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        BodyHandlers.ofString());
    }
}
