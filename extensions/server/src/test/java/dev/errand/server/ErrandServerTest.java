package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.DownloadPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrandServerTest {

    private static final ServerOptions ANY_PORT = ServerOptions.DEFAULT.withPort(0);
    private static final byte[] CONTENT = "Make it so.\n".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"memory", "file"})
    void runWithAStagedFileProducesOutputArtifactAndLog(String store) throws IOException {
        String script =
                """
                echo "asked to: $(cat)"
                echo careful >&2
                cp "$ERRAND_ATTACHMENTS_DIR/notes.txt" "$ERRAND_ARTIFACTS_DIR/copy.txt"
                echo '{"done": true}' > "$ERRAND_OUTPUT_FILE"
                """;
        ObjectStoreLocation objects =
                store.equals("file")
                        ? ObjectStoreLocation.inDirectory(folder.resolve("objects"))
                        : ObjectStoreLocation.inMemory();
        ServerOptions options =
                ANY_PORT.withAgents(ScriptedAgent.of(folder, script)).withObjects(objects);

        try (ErrandServer server = ErrandServer.start(options)) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("copy the notes");
            String artifact = api.stage(task, "notes.txt", CONTENT);
            String run = api.run(task, "{\"pending_user_artifact_ids\": [\"" + artifact + "\"]}");
            JsonNode ended = api.awaitEnd(task, run);

            assertThat(ended.get("status").textValue()).isEqualTo("completed");
            assertThat(ended.get("output")).isEqualTo(ApiTestClient.json("{\"done\": true}"));
            assertThat(ended.at("/artifacts/0/name").textValue()).isEqualTo("notes.txt");
            assertThat(ended.at("/artifacts/1/name").textValue()).isEqualTo("copy.txt");
            assertThat(download(server, api, ended.at("/artifacts/1"))).isEqualTo("Make it so.\n");
            assertThat(api.follow(ended.get("log_url").textValue()).text())
                    .contains("asked to: copy the notes", "careful");
        }
    }

    @Test
    void agentWorksInACheckoutAndItsChangesArePushed() throws Exception {
        Path remote = folder.resolve("remote/acme/mobile.git");
        shell(
                "git init -q -b main source && cd source && echo one > file.txt && git add ."
                        + " && git -c user.name=a -c user.email=a@example.com commit -q -m First"
                        + " && git clone -q --bare . '%s'".formatted(remote));
        AgentOptions agents =
                ScriptedAgent.of(folder, "echo two >> file.txt")
                        .withRepositories(
                                new RepositoryOptions(
                                        Map.of("*", "file:" + folder + "/remote/{repository}.git"),
                                        true,
                                        Optional.empty(),
                                        OptionalLong.empty(),
                                        RepositoryOptions.DEFAULT_TIME_LIMIT));

        try (ErrandServer server = ErrandServer.start(ANY_PORT.withAgents(agents))) {
            ApiTestClient api = ApiTestClient.of(server);
            String task =
                    api.post(
                                    "tasks/",
                                    "{\"description\": \"Add a line\", \"repository\": \"acme/mobile\"}")
                            .ok()
                            .get("id")
                            .textValue();
            JsonNode ended = api.awaitEnd(task, api.run(task, "{\"branch\": \"main\"}"));

            assertThat(ended.get("status").textValue()).as("%s", ended).isEqualTo("completed");
            JsonNode output = ended.get("output");
            assertThat(output.get("pushed").booleanValue()).isTrue();
            assertThat(output.at("/changed_files/0/path").textValue()).isEqualTo("file.txt");
            assertThat(download(server, api, ended.at("/artifacts/0"))).contains("+two");
            assertThat(
                            shell(
                                    "git -C '%s' show %s:file.txt"
                                            .formatted(
                                                    remote, output.get("head_branch").textValue())))
                    .isEqualTo("one\ntwo\n");
            assertThat(
                            api.get(
                                            "/_describe/projects/@current/tasks/%s/runs/%s"
                                                    .formatted(task, ended.get("id").textValue()))
                                    .ok()
                                    .get("repositories")
                                    .textValue())
                    .contains("file:" + folder);
        }
    }

    private String shell(String script) throws Exception {
        Process process =
                new ProcessBuilder("/bin/sh", "-e", "-c", script)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b.txt", "100% \"sure\"; Übung.txt", "c&d=e+f?g#h.txt"})
    void fileOfAnyNameCanBeStagedAndRead(String name) throws IOException {
        try (ErrandServer server = ErrandServer.start(ANY_PORT)) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("");
            String artifact = api.stage(task, name, CONTENT);
            api.run(task, "{\"pending_user_artifact_ids\": [\"" + artifact + "\"]}");
            JsonNode staged = api.get("tasks/" + task + "/").ok().at("/latest_run/artifacts/0");

            assertThat(staged.get("name").textValue()).isEqualTo(name);
            assertThat(download(server, api, staged)).isEqualTo("Make it so.\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "file"})
    void formCannotOverwriteTheFileOfARun(String store) throws IOException {
        ObjectStoreLocation objects =
                store.equals("file")
                        ? ObjectStoreLocation.inDirectory(folder.resolve("objects"))
                        : ObjectStoreLocation.inMemory();
        try (ErrandServer server = ErrandServer.start(ANY_PORT.withObjects(objects))) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("");
            JsonNode prepared = api.prepare(task, "notes.txt", CONTENT.length);
            JsonNode form = prepared.get("presigned_post");
            api.upload(form, "notes.txt", CONTENT);
            String artifact = api.finalizeUpload(task, "notes.txt", prepared);

            assertThat(api.upload(form, "notes.txt", new byte[60_000]).status()).isEqualTo(403);
            api.run(task, "{\"pending_user_artifact_ids\": [\"" + artifact + "\"]}");
            assertThat(api.upload(form, "notes.txt", new byte[60_000]).status()).isEqualTo(403);
            JsonNode staged = api.get("tasks/" + task + "/").ok().at("/latest_run/artifacts/0");
            assertThat(staged.get("size").intValue()).isEqualTo(CONTENT.length);
            assertThat(download(server, api, staged)).isEqualTo("Make it so.\n");
        }
    }

    @Test
    void failedAgentFailsItsRunWithItsLastOutput() throws IOException {
        String script =
                """
                echo first
                echo 'cannot go on' >&2
                exit 3
                """;
        ServerOptions options = ANY_PORT.withAgents(ScriptedAgent.of(folder, script));

        try (ErrandServer server = ErrandServer.start(options)) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("fail");
            JsonNode ended = api.awaitEnd(task, api.run(task, ""));

            assertThat(ended.get("status").textValue()).isEqualTo("failed");
            assertThat(ended.get("error_message").textValue())
                    .contains("code 3", "first", "cannot go on");
        }
    }

    @Test
    void runFailsWithTheLimitThatItsAgentExceeded() throws IOException {
        AgentOptions agents =
                ScriptedAgent.of(folder, "exec head -c 2000000 /dev/zero > too-much")
                        .withSandboxes(
                                new SandboxOptions(
                                        Optional.empty(),
                                        Duration.ofDays(1),
                                        1 << 20,
                                        OptionalLong.empty(),
                                        List.of()));
        try (ErrandServer server = ErrandServer.start(ANY_PORT.withAgents(agents))) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("fill the disk");

            JsonNode run = api.awaitEnd(task, api.run(task, ""));

            assertThat(run.get("status").textValue()).isEqualTo("failed");
            assertThat(run.get("error_message").textValue())
                    .isEqualTo(
                            "Agent exited with code 153: stopped because a file became larger than"
                                    + " 1048576 bytes.");
        }
    }

    @Test
    void silentAgentIsStoppedAndItsRunReportsWhy() throws IOException {
        AgentOptions agents =
                ScriptedAgent.of(folder, "exec sleep 600")
                        .withInactivityLimit(Duration.ofSeconds(1));
        try (ErrandServer server = ErrandServer.start(ANY_PORT.withAgents(agents))) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("be silent");

            JsonNode run = api.awaitEnd(task, api.run(task, ""));

            assertThat(run.get("error_message").textValue())
                    .isEqualTo("Agent was stopped because it was inactive for 1 second.");
        }
    }

    @Test
    void agentThatIgnoresSigtermIsKilledWhenItsRunIsCancelled() throws IOException {
        String script =
                """
                trap '' TERM
                echo $$ > "$1.new" && mv "$1.new" "$1"
                while :; do sleep 1; done
                """;
        Path pidFile = folder.resolve("pid");
        AgentOptions agents = ScriptedAgent.of(folder, script, pidFile.toString());
        ServerOptions options = ANY_PORT.withAgents(agents.withGracePeriod(Duration.ofMillis(500)));

        try (ErrandServer server = ErrandServer.start(options)) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("never end");
            String run = api.run(task, "");
            await().until(() -> Files.exists(pidFile));
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            assertThat(ProcessHandle.of(pid)).isPresent();

            api.patch(ApiTestClient.runPath(task, run), "{\"status\": \"cancelled\"}").ok();
            JsonNode ended = api.awaitEnd(task, run);

            assertThat(ended.get("status").textValue()).isEqualTo("cancelled");
            await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    @Test
    void agentReachesTheApiWithItsSandboxToken() throws IOException {
        String script =
                """
                run=$ERRAND_API_URL/api/projects/@current/tasks/$ERRAND_TASK_ID/runs/$ERRAND_RUN_ID/
                curl --silent --fail --request PATCH \\
                    --header "Authorization: Bearer $(cat "$ERRAND_API_TOKEN_FILE")" \\
                    --header 'Content-Type: application/json' \\
                    --data '{"stage": "building"}' "$run"
                """;
        ServerOptions options = ANY_PORT.withAgents(ScriptedAgent.of(folder, script));

        try (ErrandServer server = ErrandServer.start(options)) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("say where you are");
            JsonNode ended = api.awaitEnd(task, api.run(task, "{\"branch\": \"main\"}"));

            assertThat(ended.get("error_message").textValue()).isNull();
            assertThat(ended.get("stage").textValue()).isEqualTo("building");
        }
    }

    @Test
    void variablesReachTheAgent() throws IOException {
        String script = "test \"$GREETING\" = hello";
        AgentOptions agents =
                ScriptedAgent.of(folder, script).withVariables(Map.of("GREETING", "hello"));

        try (ErrandServer server = ErrandServer.start(ANY_PORT.withAgents(agents))) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("");

            assertThat(api.awaitEnd(task, api.run(task, "")).get("status").textValue())
                    .isEqualTo("completed");
        }
    }

    @Test
    void directoryFileControlsAccess() throws IOException {
        Path file =
                ConfidentialFiles.write(
                        folder.resolve("directory.json"),
                        """
                        {"projects": [{"id": 7, "name": "Acme Mobile App"}, {"id": 8, "name": "B"}],
                         "users": [{"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b01",
                                    "email": "rosa@example.com"}],
                         "tokens": [
                           {"token": "writes", "user": 31, "projects": [7], "scopes": ["task:write"]},
                           {"token": "reads", "user": 31, "projects": [7], "scopes": ["task:read"]}]}
                        """);

        try (ErrandServer server = ErrandServer.start(ANY_PORT.withDirectory(file))) {
            URI url = server.url();
            JsonNode task = new ApiTestClient(url, "writes").post("tasks/", "{}").ok();

            assertThat(server.token()).isEmpty();
            assertThat(server.projects()).containsExactly(ProjectId.of(7), ProjectId.of(8));
            assertThat(task.get("slug").textValue()).isEqualTo("AMA-0");
            assertThat(task.at("/created_by/email").textValue()).isEqualTo("rosa@example.com");
            assertThat(new ApiTestClient(url, "reads").get("tasks/").status()).isEqualTo(200);
            assertThat(new ApiTestClient(url, "reads").post("tasks/", "{}").status())
                    .isEqualTo(403);
            assertThat(new ApiTestClient(url, "guess").get("tasks/").status()).isEqualTo(401);
            assertThat(new ApiTestClient(url, "reads").get("/api/projects/8/tasks/").status())
                    .isEqualTo(403);
            assertThat(new ApiTestClient(url, "reads").get("/api/projects/9/tasks/").status())
                    .isEqualTo(404);
        }
    }

    @Test
    void linksBeginWithThePublicUrl() throws IOException {
        ServerOptions options =
                ANY_PORT.withPublicUrl(URI.create("https://errand.example.com/base"));

        try (ErrandServer server = ErrandServer.start(options)) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("");
            api.createTask("");
            JsonNode queued = api.post("tasks/" + task + "/run/", "").ok();

            assertThat(queued.at("/latest_run/log_url").textValue())
                    .startsWith("https://errand.example.com/base/_logs/");
            assertThat(api.get("tasks/?limit=1").ok().get("next").textValue())
                    .startsWith("https://errand.example.com/base/api/projects/");
        }
    }

    @Test
    void linksStayValidAfterARestartWithTheSameKey() throws IOException {
        Path key = folder.resolve("key");
        ServerOptions options =
                ANY_PORT.withBackend("jdbc:h2:file:" + folder.resolve("db"))
                        .withDatabase(DatabaseOptions.NONE.withMigrate(true))
                        .withKeyFile(key);
        URI first;
        String link;
        try (ErrandServer server = ErrandServer.start(options)) {
            ApiTestClient api = ApiTestClient.of(server);
            first = server.url();
            String task = api.createTask("");
            String run = api.run(task, "");
            api.post(
                            ApiTestClient.runPath(task, run) + "append_log/",
                            "{\"entries\": [{\"a\": 1}]}")
                    .ok();
            link = api.getRun(task, run).get("log_url").textValue();
        }

        assertThat(follow(options, link, first)).isEqualTo(200);
        Files.delete(key);
        assertThat(follow(options, link, first)).isEqualTo(403);
    }

    private static int follow(ServerOptions options, String link, URI from) throws IOException {
        try (ErrandServer server = ErrandServer.start(options)) {
            String there = link.replace(from.toString(), server.url().toString());
            return ApiTestClient.of(server).follow(there).status();
        }
    }

    @Test
    void closedServerMayBeClosedAgain() throws IOException {
        ErrandServer server = ErrandServer.start(ANY_PORT);
        int port = server.url().getPort();

        server.close();
        server.close();

        try (ErrandServer next = ErrandServer.start(ANY_PORT.withPort(port))) {
            assertThat(ApiTestClient.of(next).get("tasks/").status()).isEqualTo(200);
        }
    }

    private static String download(ErrandServer server, ApiTestClient api, JsonNode artifact)
            throws IOException {
        URI link =
                server.objects()
                        .downloadUrl(
                                server.projects().get(0),
                                new DownloadPolicy(
                                        artifact.get("storage_path").textValue(),
                                        artifact.get("name").textValue(),
                                        artifact.get("content_type").textValue(),
                                        Instant.now().plusSeconds(60)));
        ApiTestClient.Reply reply = api.follow(link.toString());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.text();
    }
}
