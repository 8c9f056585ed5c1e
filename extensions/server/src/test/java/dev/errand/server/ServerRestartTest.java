package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers as processes with durable storage: acknowledged data survives. */
class ServerRestartTest {

    private static final byte[] NOTES = "Make it so.\n".getBytes(StandardCharsets.UTF_8);
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);
    private static final Duration LEASE = AgentOptions.DEFAULT_LEASE_DURATION;
    private static final String TOKEN = "a-user-token";
    private static final String WITH_GITHUB_TOKEN =
            """
            {"pr_authorship_mode": "user", "github_user_token": "ghp_hunter2",
             "pending_user_artifact_ids": ["%s"]}""";

    /**
     * An agent that waits if its prompt requests it, copies its token, and reports whether it
     * received a GitHub token.
     */
    private static final String AGENT =
            """
            prompt=$(cat)
            echo "asked to: $prompt"
            cp "$ERRAND_API_TOKEN_FILE" "$1/token-of-$ERRAND_RUN_ID"
            if [ "$prompt" = wait ]; then
                : > "$1/waiting"
                while [ -d "$1" ] && [ ! -e "$1/go" ]; do sleep 0.1; done
            fi
            cp "$ERRAND_ATTACHMENTS_DIR/notes.txt" "$ERRAND_ARTIFACTS_DIR/copy.txt"
            github=$(cat "$ERRAND_SECRETS_DIR/github_user_token" 2>/dev/null)
            [ "$github" = ghp_hunter2 ] && found=true || found=false
            echo "{\\"github\\": $found}" > "$ERRAND_OUTPUT_FILE"
            """;

    @TempDir Path folder;

    private final List<ServerProcess> servers = new ArrayList<>();

    @BeforeEach
    void writeFiles() throws IOException {
        Files.createDirectory(folder.resolve("meeting"));
        Files.writeString(folder.resolve("agent.sh"), AGENT);
        ConfidentialFiles.write(
                folder.resolve("directory.json"),
                """
                {"projects": [{"id": 1, "name": "Acme Mobile App"}],
                 "users": [{"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b01"}],
                 "tokens": [
                   {"token": "%s", "user": 31, "projects": [1], "scopes": ["task:write"]}]}
                """
                        .formatted(TOKEN));
    }

    @AfterEach
    void endServers() {
        servers.forEach(ServerProcess::close);
    }

    @ParameterizedTest
    @EnumSource
    void acknowledgedDataSurvivesAKillAndQueuedRunsAreLaunched(TestStorage storage)
            throws Exception {
        List<String> options = new ArrayList<>(storage.options(folder, "kill"));
        options.addAll(agents());
        // Otherwise a slow restart would take over the waiting run first, and with it the only
        // slot.
        options.add("--lease=10m");
        ServerProcess killed = start(options, "--migrate");
        ApiTestClient api = new ApiTestClient(killed.url(), TOKEN);
        String done = api.createTask("copy");
        String doneRun = api.run(done, pending(api.stage(done, "notes.txt", NOTES)));
        JsonNode completed = api.awaitEnd(done, doneRun);
        assertThat(completed.get("status").textValue()).isEqualTo("completed");
        String taskBefore = api.get("tasks/" + done + "/").ok().toString();
        String logBefore = logOf(api, done, doneRun);
        String running = api.createTask("wait");
        String runningRun = api.run(running, "");
        await().atMost(ONE_MINUTE).until(() -> Files.exists(folder.resolve("meeting/waiting")));
        String queued = api.createTask("copy with a token");
        String queuedRun =
                api.run(queued, WITH_GITHUB_TOKEN.formatted(api.stage(queued, "notes.txt", NOTES)));
        String unused = api.stage(queued, "later.txt", NOTES);

        killed.close();
        // The port must be the same, so that links remain valid.
        ServerProcess server = start(options, "--port=" + killed.url().getPort());
        api = new ApiTestClient(server.url(), TOKEN);

        assertThat(api.getRun(done, doneRun)).isEqualTo(completed);
        assertThat(api.get("tasks/" + done + "/").ok()).hasToString(taskBefore);
        assertThat(logOf(api, done, doneRun)).isEqualTo(logBefore).contains("asked to: copy");
        assertThat(api.follow(completed.get("log_url").textValue()).text()).isEqualTo(logBefore);
        assertThat(api.getRun(running, runningRun).get("status").textValue())
                .isEqualTo("in_progress");
        // An agent may report late.
        withTokenOf(doneRun, server).patch("tasks/%s/runs/%s/".formatted(done, doneRun), "{}").ok();
        JsonNode ended = api.awaitEnd(queued, queuedRun);
        assertThat(ended.get("error_message").textValue()).isNull();
        assertThat(ended.get("output")).isEqualTo(ApiTestClient.json("{\"github\": true}"));
        assertThat(ended.at("/artifacts/1/name").textValue()).isEqualTo("copy.txt");
        assertThat(api.getRun(queued, api.run(queued, pending(unused))).at("/artifacts/0/name"))
                .hasToString("\"later.txt\"");
        Files.createFile(folder.resolve("meeting/go"));
        server.terminate();
        server.awaitOrderlyEnd();
        assertThat(server.errors()).doesNotContain("hunter2");
    }

    @Test
    void nextServerTakesOverAgentsImmediatelyAfterAnOrderlyShutdown() throws Exception {
        List<String> options = new ArrayList<>(TestStorage.POSTGRESQL.options(folder, "handover"));
        options.addAll(agents());
        ServerProcess first = start(options, "--migrate");
        ApiTestClient api = new ApiTestClient(first.url(), TOKEN);
        String task = api.createTask("wait");
        String run = api.run(task, pending(api.stage(task, "notes.txt", NOTES)));
        await().atMost(ONE_MINUTE).until(() -> Files.exists(folder.resolve("meeting/waiting")));

        first.terminate();
        first.awaitOrderlyEnd();
        ServerProcess next = start(options, "--port=" + first.url().getPort());
        Files.createFile(folder.resolve("meeting/go"));

        api = new ApiTestClient(next.url(), TOKEN);
        // The lease was released, so the next server does not wait for its expiry.
        JsonNode ended = api.awaitEnd(task, run, LEASE.minusSeconds(10));
        assertThat(ended.get("error_message").textValue()).isNull();
        assertThat(ended.get("status").textValue()).isEqualTo("completed");
        assertThat(ended.at("/artifacts/1/name").textValue()).isEqualTo("copy.txt");
        assertThat(logOf(api, task, run).split("asked to: wait", -1))
                .as("the agent is started once and its output forwarded once")
                .hasSize(2);
    }

    @Test
    void twoServersOnOneDatabaseActAsOne() throws Exception {
        List<String> options = TestStorage.POSTGRESQL.options(folder, "two");
        List<String> withAgents = new ArrayList<>(options);
        withAgents.addAll(agents());
        ServerProcess executing = start(withAgents, "--migrate");
        ServerProcess other = start(options, "--objects=memory:");
        ApiTestClient api = new ApiTestClient(other.url(), TOKEN);

        String task = api.createTask("created on the other server");
        String run = api.run(task, "");

        assertThat(new ApiTestClient(executing.url(), TOKEN).get("tasks/").ok().at("/results/0/id"))
                .hasToString("\"" + task + "\"");
        JsonNode ended = api.awaitEnd(task, run);
        assertThat(ended.get("status").textValue()).isEqualTo("completed");
        String link = ended.get("log_url").textValue();
        assertThat(link).startsWith(other.url().toString());
        assertThat(api.follow(link.replace(other.url().toString(), executing.url().toString())))
                .extracting(ApiTestClient.Reply::text, STRING)
                .contains("created on the other server");
        // An agent may report late, to any server.
        withTokenOf(run, other).patch("tasks/%s/runs/%s/".formatted(task, run), "{}").ok();
    }

    private ServerProcess start(List<String> options, String... more) throws IOException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        all.add("--directory=" + folder.resolve("directory.json"));
        ServerProcess server = ServerProcess.start(folder, all);
        servers.add(server);
        return server;
    }

    private List<String> agents() {
        return List.of(
                "--objects=file:" + folder.resolve("objects"),
                "--launcher=process",
                "--slots=1",
                "--work-dir=" + folder.resolve("work"),
                "--agent-command=/bin/sh %s %s"
                        .formatted(folder.resolve("agent.sh"), folder.resolve("meeting")));
    }

    private static String pending(String artifact) {
        return "{\"pending_user_artifact_ids\": [\"" + artifact + "\"]}";
    }

    private static String logOf(ApiTestClient api, String task, String run) throws IOException {
        ApiTestClient.Reply reply = api.get(ApiTestClient.runPath(task, run) + "logs/");
        assertThat(reply.status()).isEqualTo(200);
        return reply.text();
    }

    private ApiTestClient withTokenOf(String run, ServerProcess server) throws IOException {
        return new ApiTestClient(
                server.url(), Files.readString(folder.resolve("meeting/token-of-" + run)));
    }
}
