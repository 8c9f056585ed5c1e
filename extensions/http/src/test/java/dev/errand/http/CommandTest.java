package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.CommandResult;
import dev.errand.spi.sandbox.CommandSender;
import dev.errand.spi.sandbox.SandboxCommand;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection tokens and commands (docs/wire/runs.md#i10, #i11). */
class CommandTest {

    private static final AtomicReference<Backend> backend = new AtomicReference<>();
    private static final FakeAgent agent = new FakeAgent();
    private static final String URL = "http://localhost:1234";
    private static final String CANCEL = "{\"jsonrpc\": \"2.0\", \"method\": \"cancel\"}";

    /** Ten threads, of which Jetty itself needs some. */
    @RegisterExtension
    static final Host host =
            Host.with()
                    .engine(engine -> engine.commands(agent))
                    .threads(10)
                    .backend(
                            it -> {
                                backend.set(it);
                                return it;
                            })
                    .start();

    private static final Client rosa = host.rosa();

    private String task;
    private String run;
    private String command;

    @BeforeEach
    void runWithASandbox() {
        agent.reset();
        task = Paths.newTask(rosa);
        run = Paths.newRun(rosa, task, "{\"environment\": \"cloud\", \"mode\": \"interactive\"}");
        command = Paths.run(task, run) + "command/";
        setSandboxUrl(URL);
    }

    @Test
    void theConnectionTokenIsThatOfTheRun() {
        JsonNode answer = rosa.get(Paths.run(task, run) + "connection_token/").isJson(200).json();

        assertThat(answer).isEqualTo(Reply.json("{\"token\": \"connect " + run + "\"}"));
        rosa.get(Paths.run(task, Paths.MISSING) + "connection_token/").isNotFound();
        rosa.get(Paths.run(Paths.MISSING, run) + "connection_token/").isTaskNotFound();
    }

    @Test
    void theCommandIsForwardedAndTheReplyIsReturnedVerbatim() {
        agent.answer(new CommandResult.Answered(200, "{ \"id\": 7,  \"result\": 1.50 }"));

        Reply reply =
                rosa.post(
                        command,
                        """
                        {"id": 7, "method": "permission_response", "jsonrpc": "2.0", "other": 1,
                         "params": {"requestId": "r", "optionId": "o", "answers": [1.50]}}""");

        assertThat(reply.isJson(200).text()).isEqualTo("{ \"id\": 7,  \"result\": 1.50 }");
        SandboxCommand sent = agent.sent.get(0);
        assertThat(sent.sandboxUrl()).isEqualTo(URL);
        assertThat(sent.token().reveal()).isEqualTo("connect " + run);
        assertThat(sent.request().text())
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"method\":\"permission_response\",\"params\":{\"requestId\":\"r\",\"optionId\":\"o\",\"answers\":[1.50]},\"id\":7}");
    }

    @Test
    void idsOfArtifactsAreReplacedByTheirManifestEntries() {
        JsonNode artifact =
                rosa.post(
                                Paths.run(task, run) + "artifacts/",
                                "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\", \"content\": \"b\"}]}")
                        .isJson(200)
                        .json()
                        .get("artifacts")
                        .get(0);
        String message =
                "{\"jsonrpc\": \"2.0\", \"method\": \"user_message\", \"params\": {\"artifact_ids\": [%s]}}";

        rosa.post(command, message.formatted(artifact.get("id"))).isJson(200);
        Reply missing = rosa.post(command, message.formatted("\"x\", " + artifact.get("id")));

        assertThat(Reply.json(agent.sent.get(0).request().text()).get("params"))
                .isEqualTo(Reply.json("{\"artifacts\": [" + artifact + "]}"));
        JsonNode error = missing.isJson(400).json();
        assertThat(error.get("code").asText()).isEqualTo("missing_artifacts");
        assertThat(error.get("attr").asText()).isEqualTo("params");
        assertThat(error.get("error").asText())
                .isEqualTo("Some artifact_ids are invalid for this run");
        assertThat(error.get("missing_artifact_ids")).isEqualTo(Reply.json("[\"x\"]"));
        assertThat(agent.sent).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user_message        | {} | user_message requires a non-empty content string, artifact_ids, or both",
                "user_message        | {\"content\": \" \", \"artifact_ids\": []} | user_message requires a non-empty content string, artifact_ids, or both",
                "user_message        | {\"content\": 1} | content must be a string when provided",
                "user_message        | {\"content\": \"a\", \"artifact_ids\": \"a\"} | artifact_ids must be a list of non-empty strings",
                "user_message        | {\"artifact_ids\": [\" \"]} | artifact_ids must be a list of non-empty strings",
                "user_message        | {\"artifact_ids\": [[]]} | artifact_ids must be a list of non-empty strings",
                "permission_response | {\"optionId\": \"a\"} | requestId is required and must be a non-empty string",
                "permission_response | {\"requestId\": \"a\", \"optionId\": 1} | optionId is required and must be a non-empty string",
                "set_config_option   | {\"configId\": \" \", \"value\": \"a\"} | configId is required and must be a non-empty string",
                "set_config_option   | {\"configId\": \"a\"} | value is required and must be a non-empty string",
            })
    void parametersMustFitTheMethod(String method, String params, String detail) {
        setSandboxUrl(""); // Parameters are checked before the sandbox.

        rosa.post(
                        command,
                        "{\"jsonrpc\": \"2.0\", \"method\": \"%s\", \"params\": %s}"
                                .formatted(method, params))
                .isInvalid("invalid_input", detail, "params");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "{}", "[]"})
    void idsMustBeStringsOrNumbers(String id) {
        rosa.post(command, "{\"jsonrpc\": \"2.0\", \"method\": \"close\", \"id\": " + id + "}")
                .isInvalid("invalid_input", "id must be a string or number", "id");
    }

    @Test
    void aRunWithoutAUsableSandboxReceivesNoCommands() {
        setSandboxUrl("https://evil.example");
        refused("invalid_sandbox_url", "Invalid sandbox URL");
        setSandboxUrl("");
        refused("no_sandbox", "No active sandbox for this task run");
        assertThat(agent.sent).isEmpty();
    }

    private void refused(String code, String detail) {
        rosa.post(command, CANCEL)
                .isErrorWithErrorMember(400, "validation_error", code, detail, null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 |                                     | Agent server authentication failed",
                "400 |                                     | Agent server rejected the command",
                "404 | not found                           | Agent server returned 404",
                "302 |                                     | Agent server returned 302",
                "500 | {\"error\": \"the session is busy\"} | the session is busy",
            })
    void otherAnswersOfTheAgentAreErrors(int status, String body, String detail) {
        agent.answer(new CommandResult.Answered(status, body == null ? "" : body));
        failed(502, "agent_error", detail);
    }

    @Test
    void failuresToReachTheAgentAreToldApart() {
        agent.answer(new CommandResult.Unreachable());
        failed(502, "agent_unreachable", "Agent server is not reachable");
        agent.answer(new CommandResult.TimedOut());
        failed(504, "agent_timeout", "Agent server request timed out");
        agent.answer(new CommandResult.Failed("the answer is too long"));
        failed(502, "command_failed", "Failed to send command to agent server");
        agent.answer(new CommandResult.Answered(200, "not JSON"));
        failed(502, "command_failed", "Failed to send command to agent server");
    }

    private void failed(int status, String code, String detail) {
        rosa.post(command, CANCEL)
                .isErrorWithErrorMember(status, "server_error", code, detail, null);
    }

    @Test
    void slowAgentsHoldNoThreads() throws Exception {
        int slow = 200;
        CountDownLatch arrived = new CountDownLatch(slow);
        CompletableFuture<CommandResult> later = new CompletableFuture<>();
        agent.answers =
                sent -> {
                    arrived.countDown();
                    return later;
                };
        ExecutorService clients = Executors.newFixedThreadPool(slow);
        try {
            List<Future<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < slow; i++) {
                replies.add(clients.submit(() -> rosa.post(command, CANCEL)));
            }
            assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
            rosa.get(Paths.run(task, run)).isJson(200); // The server has ten threads.
            later.complete(new CommandResult.Answered(200, "{}"));
            for (Future<Reply> reply : replies) {
                reply.get(20, TimeUnit.SECONDS).isJson(200);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void theAgentOfACancelledRunIsInterrupted() {
        String queued = Paths.queued(rosa, task, "{}").get("id").asText();
        run = queued;
        setSandboxUrl(URL);
        rosa.patch(Paths.run(task, queued), "{\"status\": \"in_progress\"}").isJson(200);

        rosa.post(Paths.run(task, queued) + "cancel/", "").isJson(202);

        assertThat(agent.sent)
                .singleElement()
                .satisfies(sent -> assertThat(sent.request().text()).contains("\"cancel\""));
    }

    /** Only an executor sets the URL. */
    private void setSandboxUrl(String url) {
        TaskId taskId = TaskId.parse(task).orElseThrow();
        StoredRun before =
                backend.get()
                        .runs()
                        .find(AcmeDirectory.ACME, taskId, RunId.parse(run).orElseThrow())
                        .orElseThrow();
        Run after =
                before.run()
                        .change(host.clock().instant())
                        .state(JsonText.of("{\"sandbox_url\":\"" + url + "\"}"))
                        .build();
        backend.get()
                .runs()
                .update(AcmeDirectory.ACME, RunChange.of(before, before.withRun(after)));
    }

    /** An agent server that answers at once, unless a test says otherwise. */
    private static final class FakeAgent implements CommandSender {
        private final List<SandboxCommand> sent = new ArrayList<>();
        private Function<SandboxCommand, CompletionStage<CommandResult>> answers = sent -> null;

        private void reset() {
            sent.clear();
            answer(new CommandResult.Answered(200, "{}"));
        }

        private void answer(CommandResult result) {
            answers = command -> CompletableFuture.completedFuture(result);
        }

        @Override
        public boolean accepts(String sandboxUrl) {
            return sandboxUrl.equals(URL);
        }

        @Override
        public CompletionStage<CommandResult> send(SandboxCommand command) {
            synchronized (sent) {
                sent.add(command);
            }
            return answers.apply(command);
        }
    }
}
