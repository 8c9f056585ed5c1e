package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in its own process, stopped by a signal. */
class ServerShutdownTest {

    /** The time for which the server waits for running requests. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private static final String BODY = "{\"title\": \"the last one\"}";

    @TempDir Path folder;

    private ServerProcess process;
    private URI url;
    private String token;

    @AfterEach
    void end() {
        process.close();
    }

    @Test
    void runningRequestIsAnsweredBeforeTheProcessEnds() throws Exception {
        start();
        try (Socket socket = new Socket(url.getHost(), url.getPort());
                Socket watching = new Socket(url.getHost(), url.getPort())) {
            assertThat(readiness(watching)).startsWith("HTTP/1.1 200 ");
            String head =
                    """
                    POST /api/projects/1/tasks/ HTTP/1.1
                    Host: test
                    Authorization: Bearer %s
                    Content-Type: application/json
                    Content-Length: %d
                    Expect: 100-continue

                    """
                            .formatted(token, BODY.length())
                            .replace("\n", "\r\n");
            write(socket, head);
            // The server waits for the body, so the request is running.
            assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 100 ");

            process.terminate();
            // Longer than a second, after which Jetty would abort connections without traffic.
            await().during(Duration.ofMillis(1_500)).until(this::isRefusingConnections);
            assertThat(readiness(watching)).startsWith("HTTP/1.1 503 ");
            write(socket, BODY);

            assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 201 ");
        }
        assertOrderlyEnd();
    }

    @Test
    void openStreamsDoNotDelayTheEnd() throws Exception {
        start();
        ApiTestClient api = new ApiTestClient(url, token);
        String task = api.createTask("watch me");
        String run = api.post("tasks/" + task + "/runs/", "{}").ok().get("id").textValue();
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            write(
                    socket,
                    "GET /api/projects/1/%sstream/ HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n\r\n"
                            .formatted(ApiTestClient.runPath(task, run), token));
            assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
            long terminatedAt = System.nanoTime();

            process.terminate();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("0\r\n\r\n");
            assertOrderlyEnd();
            assertThat(Duration.ofNanos(System.nanoTime() - terminatedAt)).isLessThan(DRAIN);
        }
    }

    @Test
    void agentsAreStoppedOnShutdownIfConfigured() throws Exception {
        Path pidFile = folder.resolve("pid");
        Path script =
                Files.writeString(
                        folder.resolve("agent.sh"),
                        """
                        echo $$ > "$1.new" && mv "$1.new" "$1"
                        sleep 600
                        """);
        start(
                "--launcher=process",
                "--on-shutdown=stop",
                "--work-dir=" + folder.resolve("work"),
                "--agent-command=/bin/sh " + script + " " + pidFile);
        ApiTestClient api = new ApiTestClient(url, token);
        api.run(api.createTask("sleep"), "");
        await().until(() -> Files.exists(pidFile));
        long pid = Long.parseLong(Files.readString(pidFile).strip());

        process.terminate();

        assertOrderlyEnd();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    private void start(String... options) throws IOException {
        process = ServerProcess.start(folder, List.of(options));
        url = process.url();
        token = process.readToken();
    }

    private void assertOrderlyEnd() throws Exception {
        process.awaitOrderlyEnd();
        assertThat(process.errors()).doesNotContain(token);
    }

    private boolean isRefusingConnections() throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            return !socket.isConnected();
        } catch (ConnectException refused) {
            return true;
        }
    }

    /** Sends a readiness check on a connection that remains open. */
    private static String readiness(Socket socket) throws IOException {
        write(socket, "HEAD /_ready HTTP/1.1\r\nHost: test\r\n\r\n");
        return readHead(socket.getInputStream());
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (head.toString().endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString();
    }
}
