package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.error.ErrorCode;
import dev.errand.error.UnavailableException;
import dev.errand.run.RelayMessageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.run.MessageRelay;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import dev.errand.wire.ErrorBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Relaying messages to the chat thread of a run (docs/wire/runs.md#i12). */
public abstract class RelayOperationsContract extends EngineContract {

    private final List<String> relayed = new ArrayList<>();
    private TaskId task;
    private RunId run;

    /** Creates a task of Rosa's with one queued run. */
    @BeforeEach
    public void createRun() {
        task = engine.task();
        run = engine.queuedRun(task);
    }

    @Test
    void messagesAreSkippedWithoutARelay() {
        assertThat(relay(engine.rosas(), "Done.")).hasToString("{\"status\":\"skipped\"}");
    }

    @Test
    void aMessageIsQueuedForTheThreadOfItsRun() {
        try (Errand errand = engine.relaying(this::toThread)) {
            assertThat(relay(errand.project(ACME, Caller.host()), " Done.\n"))
                    .hasToString("{\"status\":\"accepted\",\"relay_id\":\"relay-1\"}");
        }
        assertThat(relayed).containsExactly(run + ": Done.");
    }

    @Test
    void aRunWithoutAThreadIsSkipped() {
        try (Errand errand = engine.relaying(MessageRelay.NONE)) {
            assertThat(relay(errand.project(ACME, Caller.host()), "Done."))
                    .hasToString("{\"status\":\"skipped\"}");
        }
    }

    @ParameterizedTest
    @EnumSource(RunStatus.class)
    void aMessageOfARunThatEndedIsSkipped(RunStatus status) {
        run = engine.runIn(task, status);

        try (Errand errand = engine.relaying(this::toThread)) {
            JsonNode answer = relay(errand.project(ACME, Caller.host()), "Done.");

            assertThat(answer.get("status").textValue())
                    .isEqualTo(status.isTerminal() ? "skipped" : "accepted");
        }
        assertThat(relayed.isEmpty()).isEqualTo(status.isTerminal());
    }

    @Test
    void aFailingRelayIsReportedAsUnavailable() {
        MessageRelay away =
                (any, text) -> {
                    throw PortException.retryable("MessageRelay", "is away");
                };

        try (Errand errand = engine.relaying(away)) {
            ProjectClient api = errand.project(ACME, Caller.host());
            UnavailableException failure =
                    catchThrowableOfType(UnavailableException.class, () -> relay(api, "Done."));

            assertThat(failure).hasMessage("Failed to queue Slack relay");
            assertThat(failure).hasCauseInstanceOf(PortException.class);
            assertThat(ErrorBody.of(failure).status()).isEqualTo(503);
        }
    }

    @Test
    void messagesHaveALengthLimit() {
        assertRelayRejected("{}", ErrorCode.REQUIRED, "This field is required.");
        assertRelayRejected("{\"text\":\" \"}", ErrorCode.BLANK, "This field may not be blank.");
        assertRelayRejected(
                "{\"text\":\"" + "a".repeat(10_001) + "\"}",
                ErrorCode.MAX_LENGTH,
                "Ensure this field has no more than 10000 characters.");
        relay(engine.rosas(), "a".repeat(10_000));
    }

    @Test
    void onlyTheAgentOfTheRunMayRelay() {
        RunId sibling = engine.queuedRun(task);
        int attempt = engine.stored(task, run).attempt();
        ProjectClient agent = engine.as(agent(attempt));
        ProjectClient late = engine.as(agent(attempt + 1));
        RelayMessageRequest message = new RelayMessageRequest("Done.");

        agent.runs().relayMessage(task, run, message);
        assertDenied(
                () -> agent.runs().relayMessage(task, sibling, message),
                ErrorCode.PERMISSION_DENIED,
                "This token is only valid for its own task run.");
        assertDenied(
                () -> late.runs().relayMessage(task, run, message),
                ErrorCode.PERMISSION_DENIED,
                "This token belongs to a superseded attempt of the run.");
        assertNotFound(
                () ->
                        engine.rosas()
                                .runs()
                                .relayMessage(task, RunId.of(TestEngine.UNKNOWN), message));
        assertTaskNotFound(
                () ->
                        engine.rosas()
                                .runs()
                                .relayMessage(TaskId.of(TestEngine.UNKNOWN), run, message));
    }

    private Caller agent(int attempt) {
        return Caller.agent(Optional.empty(), new RunGrant(ACME, task, run, attempt));
    }

    private Optional<String> toThread(Run of, String text) {
        relayed.add(of.id() + ": " + text);
        return Optional.of("relay-" + relayed.size());
    }

    private JsonNode relay(ProjectClient api, String text) {
        return json(
                api.wireFormat()
                        .writeRelayResult(
                                api.runs().relayMessage(task, run, new RelayMessageRequest(text))));
    }

    private void assertRelayRejected(String body, ErrorCode code, String detail) {
        assertRejected(
                () ->
                        engine.rosas()
                                .runs()
                                .relayMessage(
                                        task,
                                        run,
                                        WireClient.body(RelayMessageRequest.class, body)),
                code,
                "text",
                detail);
    }
}
