package dev.errand.internal.engine;

import dev.errand.access.RunGrant;
import dev.errand.access.SandboxTokens;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.ConflictException;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.Violation;
import dev.errand.run.Conversations;
import dev.errand.run.ReplaceConversationRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.DownloadPolicy;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.ConversationResult;
import dev.errand.spi.task.TaskId;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;

/** The default implementation of {@link Conversations}. */
public final class DefaultConversations implements Conversations {

    private static final String STALE = "The task session content is stale";
    private static final String INVALID_SIZE = "The task session content size is invalid";
    private static final String NO_SIZE = "A valid Content-Length header is required";
    private static final String NOT_ACTIVE = "The task session writer is not the active sandbox";
    private static final String NOTHING_STORED = "none";

    private final Engine engine;
    private final AccessControl access;
    private final SandboxTokens tokens;
    private final RunRepository repository;

    /** Creates the operations of one caller. */
    public DefaultConversations(Engine engine, AccessControl access, SandboxTokens tokens) {
        this.engine = engine;
        this.access = access;
        this.tokens = tokens;
        this.repository = new RunRepository(engine, access);
    }

    @Override
    public Conversation get(TaskId task, RunId run) {
        repository.getReadable(task, run);
        ProjectId project = access.project();
        return engine.backend()
                .conversations()
                .find(project, task, run)
                .or(
                        () ->
                                engine.backend()
                                        .conversations()
                                        .getOrCreate(project, task, run, engine.ids().nextRandom()))
                .orElseThrow(NotFoundException::new);
    }

    @Override
    public Optional<URI> link(TaskId task, RunId run) {
        return get(task, run).content().map(this::link);
    }

    private URI link(Conversation.Content content) {
        DownloadPolicy policy =
                new DownloadPolicy(
                        content.storagePath(),
                        "conversation.jsonl",
                        "application/octet-stream",
                        engine.now().plus(LINK_LIFETIME));
        return UploadSupport.callStore(
                "Unable to generate download URL",
                () -> engine.objects().downloadUrl(access.project(), policy));
    }

    @Override
    public Optional<InputStream> open(TaskId task, RunId run) {
        return get(task, run)
                .content()
                .flatMap(
                        content ->
                                UploadSupport.callStore(
                                        "Unable to read artifact",
                                        () ->
                                                engine.objects()
                                                        .open(
                                                                access.project(),
                                                                content.storagePath())));
    }

    @Override
    public Conversation replace(TaskId task, RunId run, ReplaceConversationRequest request) {
        access.requireWrite(task, run);
        Run current = repository.getReportable(task, run);
        SandboxId writer = writer(task, run, request);
        String ifMatch = unquoted(required("If-Match", request.ifMatch()));
        long size = request.sizeInBytes().orElseThrow(() -> malformed(NO_SIZE));
        if (size < 0 || size > MAX_BYTES) {
            throw malformed(INVALID_SIZE);
        }
        if (engine.backend().conversations().find(access.project(), task, run).isEmpty()) {
            throw new NotFoundException();
        }
        if (size == 0) {
            throw ConflictException.session(INVALID_SIZE);
        }
        if (writer.attempt() != current.attempt()) {
            throw ConflictException.session(NOT_ACTIVE);
        }
        Optional<String> expected =
                ifMatch.equals(NOTHING_STORED) ? Optional.empty() : Optional.of(ifMatch);
        return stored(
                UploadSupport.callStore(
                        "Unable to store artifact",
                        () ->
                                new ConversationWriter(engine)
                                        .replace(writer, expected, request.content(), size)));
    }

    private static Conversation stored(ConversationResult result) {
        if (result instanceof ConversationResult.Replaced replaced) {
            return replaced.current();
        }
        if (result instanceof ConversationResult.SameContent same) {
            return same.current();
        }
        if (result instanceof ConversationResult.NotFound) {
            throw new NotFoundException();
        }
        throw ConflictException.session(
                result instanceof ConversationResult.Stale ? STALE : NOT_ACTIVE);
    }

    /** Returns the sandbox that the header names and for which the token was issued. */
    private SandboxId writer(TaskId task, RunId run, ReplaceConversationRequest request) {
        String name = required("X-Sandbox-ID", request.sandbox());
        return request.runToken()
                .map(Secret::reveal)
                .flatMap(tokens::verify)
                .map(DefaultConversations::sandboxOf)
                .filter(it -> it.project().equals(access.project()))
                .filter(it -> it.task().equals(task) && it.run().equals(run))
                .filter(it -> it.toString().equals(name))
                .orElseThrow(AccessDeniedException::invalidRunToken);
    }

    private static SandboxId sandboxOf(RunGrant grant) {
        return new SandboxId(grant.project(), grant.task(), grant.run(), grant.attempt());
    }

    private static String required(String header, Optional<String> value) {
        return value.filter(text -> !text.isBlank())
                .orElseThrow(
                        () ->
                                InvalidRequestException.of(
                                        Violation.of(
                                                ErrorCode.INVALID_INPUT,
                                                header,
                                                "This header is required.")));
    }

    private static String unquoted(String tag) {
        String text = tag.strip();
        boolean isQuoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return isQuoted ? text.substring(1, text.length() - 1) : text;
    }

    private static InvalidRequestException malformed(String detail) {
        return InvalidRequestException.of(Violation.ofRequest(ErrorCode.PARSE_ERROR, detail));
    }
}
