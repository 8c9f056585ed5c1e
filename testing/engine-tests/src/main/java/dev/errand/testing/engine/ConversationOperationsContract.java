package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.error.AccessDeniedException;
import dev.errand.error.ConflictException;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.error.Violation;
import dev.errand.run.Conversations;
import dev.errand.run.ReplaceConversationRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.task.TaskId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading and replacing conversations (docs/wire/conversations.md#l4). */
public abstract class ConversationOperationsContract extends EngineContract {

    private static final String NONE = "none";

    /** The SHA-256 of {@code hello}. */
    private static final String HELLO =
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private TaskId task;
    private RunId run;

    /** Creates a task with one queued run. */
    @BeforeEach
    public void createRun() {
        task = engine.task();
        run = engine.queuedRun(task);
    }

    @Test
    void aConversationIsCreatedWhenItIsFirstRead() {
        Conversation first = conversations().get(task, run);

        assertThat(first.content()).isEmpty();
        assertThat(conversations().link(task, run)).isEmpty();
        assertThat(conversations().open(task, run)).isEmpty();
        assertThat(conversations().get(task, run)).isEqualTo(first);
    }

    @Test
    void contentIsReadAsItWasWritten() throws IOException {
        Conversation created = conversations().get(task, run);

        Conversation replaced = replace(NONE, "hello");

        assertThat(replaced.id()).isEqualTo(created.id());
        assertThat(replaced.sha256()).contains(HELLO);
        assertThat(conversations().get(task, run)).isEqualTo(replaced);
        assertThat(conversations().link(task, run)).isPresent();
        try (InputStream content = conversations().open(task, run).orElseThrow()) {
            assertThat(content).hasContent("hello");
        }
    }

    @Test
    void theReplacedObjectAndThatOfALoserAreDeleted() {
        conversations().get(task, run);
        String first = replace(NONE, "hello").content().orElseThrow().storagePath();

        Conversation second = replace("\"" + HELLO + "\"", "hello again");
        assertConflict(HELLO, "too late", "The task session content is stale");

        assertThat(engine.objects().head(ACME, first)).isEmpty();
        assertThat(storedKeys()).containsExactly(second.content().orElseThrow().storagePath());
        assertThat(engine.backend().retention().listObjectDeletions(10)).isEmpty();
    }

    @Test
    void aRepeatedRequestIsAccepted() {
        conversations().get(task, run);
        Conversation stored = replace(NONE, "hello");

        assertThat(replace(NONE, "hello")).isEqualTo(stored);
        assertThat(storedKeys()).containsExactly(stored.content().orElseThrow().storagePath());
    }

    /** docs/wire/conversations.md#l4.2: the first failed check decides the answer. */
    @Test
    void requestsAreCheckedInOrder() {
        Optional<String> none = Optional.empty();
        assertInvalid(
                request(none, Optional.empty(), none, none.map(Long::valueOf)), "X-Sandbox-ID");
        assertThatThrownBy(() -> send(request(sandbox(), Optional.empty(), none, Optional.empty())))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage("The task run token is invalid");
        assertInvalid(request(sandbox(), token(run), none, Optional.empty()), "If-Match");
        assertMalformed(Optional.empty(), "A valid Content-Length header is required");
        assertMalformed(
                Optional.of(Conversations.MAX_BYTES + 1L),
                "The task session content size is invalid");
        assertThatThrownBy(() -> replace(NONE, "hello")).isInstanceOf(NotFoundException.class);
        conversations().get(task, run);
        assertConflict(NONE, "", "The task session content size is invalid");
    }

    @Test
    void theTokenMustBelongToTheRunAndTheSandbox() {
        conversations().get(task, run);
        RunId other = engine.queuedRun(task);
        Optional<String> invented = Optional.of(sandbox().orElseThrow() + "0");

        for (ReplaceConversationRequest request :
                new ReplaceConversationRequest[] {
                    request(sandbox(), token(other), Optional.of(NONE), Optional.of(1L)),
                    request(invented, token(run), Optional.of(NONE), Optional.of(1L)),
                    request(
                            sandbox(),
                            Optional.of(Secret.of("guessed")),
                            Optional.of(NONE),
                            Optional.of(1L))
                }) {
            assertThatThrownBy(() -> send(request))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessage("The task run token is invalid");
        }
    }

    @Test
    void theSandboxOfAnEarlierAttemptIsRejected() {
        conversations().get(task, run);
        ReplaceConversationRequest late =
                request(sandbox(), token(run), Optional.of(NONE), Optional.of(1L));
        engine.change(task, run, Run.Builder::nextAttempt);

        assertThatThrownBy(() -> send(late))
                .isInstanceOf(ConflictException.class)
                .hasMessage("The task session writer is not the active sandbox");
    }

    @Test
    void theSandboxMayStillWriteAfterTheEnd() {
        conversations().get(task, run);
        engine.rosas()
                .runs()
                .update(task, run, UpdateRunRequest.builder().status(RunStatus.COMPLETED).build());

        assertThat(replace(NONE, "hello").sha256()).contains(HELLO);
    }

    @Test
    void aFailureOfTheObjectStoreChangesNothing() {
        conversations().get(task, run);
        engine.objects().unreachable(true);

        assertThatThrownBy(() -> replace(NONE, "hello")).isInstanceOf(UnavailableException.class);
        engine.objects().unreachable(false);
        assertThat(conversations().get(task, run).content()).isEmpty();
    }

    /** Returns the keys that were reserved and have an object. */
    private List<String> storedKeys() {
        return engine.backend().reservations().stream()
                .map(Reservation::storagePath)
                .filter(key -> engine.objects().head(ACME, key).isPresent())
                .toList();
    }

    private Conversations conversations() {
        return engine.rosas().conversations();
    }

    private Optional<String> sandbox() {
        return Optional.of(SandboxId.of(engine.stored(task, run)).toString());
    }

    private Optional<Secret> token(RunId of) {
        return Optional.of(
                engine.errand()
                        .sandboxTokens()
                        .issue(SandboxId.of(engine.stored(task, of)), Duration.ofHours(1)));
    }

    private Conversation replace(String ifMatch, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return send(
                new ReplaceConversationRequest(
                        sandbox(),
                        token(run),
                        Optional.of(ifMatch),
                        Optional.of((long) bytes.length),
                        new ByteArrayInputStream(bytes)));
    }

    private Conversation send(ReplaceConversationRequest request) {
        return conversations().replace(task, run, request);
    }

    private static ReplaceConversationRequest request(
            Optional<String> sandbox,
            Optional<Secret> token,
            Optional<String> ifMatch,
            Optional<Long> size) {
        return new ReplaceConversationRequest(
                sandbox, token, ifMatch, size, new ByteArrayInputStream(new byte[1]));
    }

    private void assertInvalid(ReplaceConversationRequest request, String header) {
        assertThatThrownBy(() -> send(request))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        it ->
                                assertThat(it.first())
                                        .isEqualTo(
                                                Violation.of(
                                                        ErrorCode.INVALID_INPUT,
                                                        header,
                                                        "This header is required.")));
    }

    private void assertMalformed(Optional<Long> size, String detail) {
        assertThatThrownBy(() -> send(request(sandbox(), token(run), Optional.of(NONE), size)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        it ->
                                assertThat(it.first())
                                        .isEqualTo(
                                                Violation.ofRequest(
                                                        ErrorCode.PARSE_ERROR, detail)));
    }

    private void assertConflict(String ifMatch, String content, String detail) {
        assertThatThrownBy(() -> replace(ifMatch, content))
                .isInstanceOfSatisfying(
                        ConflictException.class,
                        it -> {
                            assertThat(it.code()).isEqualTo(ErrorCode.SESSION_CONFLICT);
                            assertThat(it).hasMessage(detail);
                        });
    }
}
