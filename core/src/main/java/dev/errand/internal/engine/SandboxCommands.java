package dev.errand.internal.engine;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.error.Violation;
import dev.errand.internal.json.InvalidJsonException;
import dev.errand.internal.json.Json;
import dev.errand.internal.json.JsonObject;
import dev.errand.internal.json.Text;
import dev.errand.internal.rules.RunState;
import dev.errand.internal.wire.JsonWireFormat;
import dev.errand.run.CommandReply;
import dev.errand.run.CommandRequest;
import dev.errand.run.StateKey;
import dev.errand.spi.ErrandException;
import dev.errand.spi.JsonText;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.project.User;
import dev.errand.spi.run.Run;
import dev.errand.spi.sandbox.CommandResult;
import dev.errand.spi.sandbox.ConnectionClaims;
import dev.errand.spi.sandbox.ConnectionTokens;
import dev.errand.spi.sandbox.SandboxCommand;
import dev.errand.spi.task.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Talks to agents in sandboxes (docs/wire/runs.md#i10, #i11). */
record SandboxCommands(Engine engine, AccessControl access) {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxCommands.class);

    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int MAX_ERROR_LENGTH = 2_000;
    private static final String ARTIFACT_IDS = "artifact_ids";

    /**
     * Returns a connection token.
     *
     * @throws NotFoundException if the engine issues none
     */
    Secret token(Task task, Run run) {
        ConnectionTokens tokens = engine.connectionTokens().orElseThrow(NotFoundException::new);
        Optional<UserId> user = access.caller().user().or(task::createdBy);
        return tokens.issue(
                new ConnectionClaims(
                        run.id(),
                        run.task(),
                        access.project(),
                        user,
                        user.flatMap(id -> engine.directory().findUser(access.project(), id))
                                .flatMap(User::distinctId),
                        RunState.of(run).mode()),
                engine.now());
    }

    /**
     * Sends a valid command. Fails at once if the run has no usable sandbox or lacks an artifact;
     * other failures are those of the stage.
     */
    CompletionStage<CommandReply> send(Task task, Run run, CommandRequest request) {
        String url = sandboxUrl(run);
        JsonText message = message(run, request);
        return engine.commands()
                .send(new SandboxCommand(url, token(task, run), message))
                .thenApply(SandboxCommands::reply);
    }

    /** Interrupts what the agent of a cancelled run does, if that is possible at once. */
    void interrupt(Run run) {
        RunState state = RunState.of(run);
        if (state.text(StateKey.SANDBOX_URL).filter(engine.commands()::accepts).isEmpty()) {
            return;
        }
        CommandRequest cancel =
                CommandRequest.of(CommandRequest.Method.CANCEL, JsonText.EMPTY_OBJECT);
        try {
            engine.backend()
                    .tasks()
                    .find(access.project(), run.task())
                    .map(found -> send(found.task(), run, cancel))
                    .ifPresent(
                            sent ->
                                    sent.whenComplete(
                                            (reply, failure) ->
                                                    LOG.debug(
                                                            "interrupted run {}",
                                                            run.id(),
                                                            failure)));
        } catch (ErrandException failure) {
            LOG.debug("run {} could not be interrupted", run.id(), failure);
        }
    }

    private String sandboxUrl(Run run) {
        String url =
                RunState.of(run)
                        .text(StateKey.SANDBOX_URL)
                        .filter(text -> !text.isBlank())
                        .orElseThrow(() -> refused(ErrorCode.NO_SANDBOX));
        if (!engine.commands().accepts(url)) {
            throw refused(ErrorCode.INVALID_SANDBOX_URL);
        }
        return url;
    }

    private static InvalidRequestException refused(ErrorCode code) {
        return InvalidRequestException.of(Violation.ofRequest(code, code.detail()));
    }

    private JsonText message(Run run, CommandRequest request) {
        Map<String, JsonText> members = new LinkedHashMap<>();
        members.put("jsonrpc", Json.quote(request.jsonrpc().wire()));
        members.put("method", Json.quote(request.method().wire()));
        JsonText params = request.params().orElse(JsonText.EMPTY_OBJECT);
        members.put(
                "params",
                request.method() == CommandRequest.Method.USER_MESSAGE
                        ? withArtifacts(run, JsonObject.parse(params))
                        : params);
        request.id().ifPresent(id -> members.put("id", id));
        return JsonObject.of(members).toJson();
    }

    /** Replaces the ids of artifacts by their manifest entries. */
    private JsonText withArtifacts(Run run, JsonObject params) {
        List<String> ids =
                Json.withoutNull(params.member(ARTIFACT_IDS))
                        .map(Json::texts)
                        .map(Text::trim)
                        .orElse(List.of());
        JsonObject others = params.without(Set.of(ARTIFACT_IDS));
        if (ids.isEmpty()) {
            return others.toJson();
        }
        Map<String, Artifact> manifest =
                run.artifacts().stream()
                        .collect(
                                Collectors.toMap(
                                        artifact -> artifact.id().value(),
                                        Function.identity(),
                                        (first, second) -> first));
        List<String> missing =
                ids.stream().distinct().filter(id -> !manifest.containsKey(id)).toList();
        if (!missing.isEmpty()) {
            throw InvalidRequestException.of(
                    Violation.missingArtifacts(
                            "params", "Some artifact_ids are invalid for this run", missing));
        }
        List<Artifact> artifacts =
                manifest.entrySet().stream()
                        .filter(entry -> ids.contains(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .toList();
        return others.with(
                        Map.of(
                                "artifacts",
                                JsonWireFormat.listOfArtifacts(engine.profile(), artifacts)))
                .toJson();
    }

    private static CommandReply reply(CommandResult result) {
        if (result instanceof CommandResult.Answered answered) {
            return reply(answered);
        }
        if (result instanceof CommandResult.Unreachable) {
            throw UnavailableException.command(ErrorCode.AGENT_UNREACHABLE);
        }
        if (result instanceof CommandResult.TimedOut) {
            throw UnavailableException.command(ErrorCode.AGENT_TIMEOUT);
        }
        LOG.warn("a command was not sent: {}", ((CommandResult.Failed) result).reason());
        throw UnavailableException.command(ErrorCode.COMMAND_FAILED);
    }

    private static CommandReply reply(CommandResult.Answered answered) {
        if (answered.status() < OK || answered.status() >= REDIRECT) {
            throw UnavailableException.command(
                    ErrorCode.AGENT_ERROR,
                    errorOf(answered.body()).orElseGet(() -> defaultError(answered.status())));
        }
        if (!isJson(answered.body())) {
            LOG.warn("an agent server answered a command with text that is not JSON");
            throw UnavailableException.command(ErrorCode.COMMAND_FAILED);
        }
        return new CommandReply(answered.body());
    }

    private static Optional<String> errorOf(String body) {
        return body.isBlank()
                ? Optional.empty()
                : JsonObject.tryParse(new JsonText(body))
                        .flatMap(members -> members.text("error"))
                        .filter(text -> !text.isBlank())
                        .map(text -> text.substring(0, Math.min(text.length(), MAX_ERROR_LENGTH)));
    }

    private static String defaultError(int status) {
        return switch (status) {
            case UNAUTHORIZED -> "Agent server authentication failed";
            case BAD_REQUEST -> "Agent server rejected the command";
            default -> "Agent server returned " + status;
        };
    }

    private static boolean isJson(String body) {
        try {
            Json.parse(body);
            return true;
        } catch (InvalidJsonException notJson) {
            return false;
        }
    }
}
