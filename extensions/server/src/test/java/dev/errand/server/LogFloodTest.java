package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a small heap, and an agent that prints more than fits into it. */
class LogFloodTest {

    private static final String SMALL_HEAP = "-Xmx160m";
    private static final String AGENT =
            "--agent-command=sh -c 'cat > /dev/null;"
                    + " yes \"line of output that is not so very long, but it goes on and on\""
                    + " | head -c 80000000'";

    @TempDir Path folder;

    @Test
    void theLogIsLimitedAndTheServerGoesOn() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(
                        folder, List.of(SMALL_HEAP), List.of("--launcher=process", AGENT))) {
            ApiTestClient api = new ApiTestClient(server.url(), server.readToken());
            String task = api.createTask("flood");
            String run = api.run(task, "");

            JsonNode ended = api.awaitEnd(task, run);

            assertThat(ended.get("status").textValue()).isEqualTo("completed");
            String log = api.get(ApiTestClient.runPath(task, run) + "logs/").text();
            assertThat(log.length()).isBetween(30 * 1024 * 1024, 34 * 1024 * 1024);
            assertThat(log.split("The log has reached its limit", -1)).hasSize(2);
            assertThat(server.errors()).doesNotContain("OutOfMemoryError");
        }
    }

    /** A server that goes on without memory serves nobody, and nothing restarts it. */
    @Test
    void theServerEndsWithoutMemory() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(
                        folder,
                        List.of("-Xmx48m"),
                        List.of(
                                "--launcher=process",
                                AGENT,
                                "--max-log-mb=100000",
                                "--max-log-entries=1000000000"))) {
            ApiTestClient api = new ApiTestClient(server.url(), server.readToken());
            api.run(api.createTask("flood"), "");

            assertThat(server.awaitExit()).isEqualTo(OutOfMemoryExit.EXIT_CODE);
            assertThat(server.errors()).contains("out of memory; exiting with code 3");
        }
    }
}
