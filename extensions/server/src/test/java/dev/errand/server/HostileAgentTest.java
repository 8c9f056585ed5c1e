package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One server executes all {@link HostileAgents}, several at a time, beside two honest agents. Every
 * run ends with a reason; the honest ones notice nothing; the server needs little memory and disk;
 * no process and no directory is left over.
 */
class HostileAgentTest {

    private static final int SLOTS = 8;
    private static final int MAX_DISK_MIB = 20;

    /** A number of seconds that no other process of this machine sleeps. */
    private static final String FOREVER =
            Long.toString(100_000_000 + ProcessHandle.current().pid());

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Of each agent: its files until they are measured, and those that wait for their deletion. */
    private static final long DISK_KIB = SLOTS * 4 * MAX_DISK_MIB * 1024L;

    private static final String HONEST =
            """
            n=0
            while [ ! -e %s ]; do
                n=$((n + 1))
                echo "tick $n"
                sleep 0.3
            done
            echo "# Report" > $ERRAND_ARTIFACTS_DIR/report.md
            echo "{\\"ticks\\": $n}" > $ERRAND_OUTPUT_FILE
            """;

    @TempDir Path folder;

    private Path temporary;
    private Path done;
    private ServerProcess server;
    private ApiTestClient api;
    private long largestDiskUsage;

    @BeforeEach
    void start() throws IOException {
        temporary = Files.createDirectory(folder.resolve("tmp"));
        done = folder.resolve("done");
        server =
                ServerProcess.start(
                        folder,
                        List.of("-Xmx160m", "-Djava.io.tmpdir=" + temporary),
                        List.of(
                                "--launcher=process",
                                "--agent-command=sh -c 'eval \"$(cat)\"'",
                                "--slots=" + SLOTS,
                                "--grace-period=1s",
                                "--inactivity-limit=15s",
                                "--time-limit=10m",
                                "--max-disk-mb=" + MAX_DISK_MIB,
                                "--max-log-mb=4"));
        api = new ApiTestClient(server.url(), server.readToken());
    }

    @AfterEach
    void kill() throws Exception {
        if (server != null) {
            server.close();
        }
        // Children of a server that was killed.
        leftProcesses().forEach(ProcessHandle::destroyForcibly);
        // Otherwise the directory cannot be deleted.
        new ProcessBuilder("chmod", "-R", "u+rwx", folder.toString()).start().waitFor();
    }

    @Test
    void noAgentHindersAnotherOne() throws Exception {
        List<HostileAgent> agents = HostileAgents.of(System.getProperty("errand.hostile", "short"));
        List<RunIds> honest = List.of(run(HONEST.formatted(done)), run(HONEST.formatted(done)));
        Map<HostileAgent, RunIds> hostile = new LinkedHashMap<>();
        for (HostileAgent agent : agents) {
            hostile.put(agent, run(agent.script().replace("FOREVER", FOREVER)));
        }

        List<String> wrong = new ArrayList<>();
        for (Map.Entry<HostileAgent, RunIds> each : hostile.entrySet()) {
            JsonNode run = awaitEnd(each.getKey().name(), each.getValue());
            String status = run.get("status").textValue();
            String message = run.get("error_message").asText("");
            HostileAgent agent = each.getKey();
            if (!agent.end().matches(status)
                    || !agent.reason().matcher(message).find()
                    || status.equals("failed") && message.isBlank()) {
                wrong.add("%s: %s, %s".formatted(agent, status, message));
            }
        }
        assertThat(wrong).isEmpty();

        Files.createFile(done);
        for (RunIds each : honest) {
            assertHonest(awaitEnd("is honest", each), each);
        }
        assertThat(largestDiskUsage).as("KiB of disk space").isLessThan(DISK_KIB);
        assertThat(server.errors()).doesNotContain("OutOfMemoryError");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(leftDirectories()).as("sandboxes").isEmpty());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(leftProcesses()).as("processes").isEmpty());
        server.terminate();
        assertThat(server.awaitExit()).isZero();
        assertThat(temporary).isEmptyDirectory();
    }

    private record RunIds(String task, String run) {}

    private RunIds run(String script) throws IOException {
        String task = api.createTask(script);
        return new RunIds(task, api.run(task, ""));
    }

    private JsonNode awaitEnd(String agent, RunIds ids) {
        return await("the agent that " + agent)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(
                        () -> {
                            largestDiskUsage = Math.max(largestDiskUsage, diskUsage());
                            return api.getRun(ids.task(), ids.run());
                        },
                        run -> run.get("completed_at").isTextual());
    }

    private void assertHonest(JsonNode run, RunIds ids) throws IOException {
        assertThat(run.get("status").textValue()).as(run.toString()).isEqualTo("completed");
        assertThat(run.get("error_message").isNull()).isTrue();
        assertThat(run.at("/artifacts/0/name").textValue()).isEqualTo("report.md");
        int ticks = run.at("/output/ticks").intValue();
        List<String> log =
                api.get(ApiTestClient.runPath(ids.task(), ids.run()) + "logs/")
                        .text()
                        .lines()
                        .toList();
        assertThat(log).hasSize(ticks);
        for (int i = 0; i < ticks; i++) {
            assertThat(log.get(i)).contains("\"tick " + (i + 1) + "\"");
        }
    }

    /** In KiB that are really used. */
    private long diskUsage() throws Exception {
        Process du =
                new ProcessBuilder("du", "-sk", temporary.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String line = new String(du.getInputStream().readAllBytes());
        du.waitFor();
        return line.isEmpty() ? 0 : Long.parseLong(line.split("\\s+")[0]);
    }

    private List<Path> leftDirectories() throws IOException {
        try (Stream<Path> files = Files.find(temporary, 6, (path, it) -> it.isDirectory())) {
            return files.filter(path -> path.getFileName().toString().startsWith("attempt_"))
                    .toList();
        }
    }

    /** Processes of agents, found by what they run. */
    private List<ProcessHandle> leftProcesses() {
        return ProcessHandle.allProcesses()
                .filter(
                        process ->
                                process.info()
                                        .commandLine()
                                        .filter(it -> it.contains(FOREVER))
                                        .isPresent())
                .toList();
    }
}
