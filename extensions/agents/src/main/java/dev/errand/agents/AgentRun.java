package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.sandbox.Attachment;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.ResumedConversation;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run asks of its agent program.
 *
 * @param sessionId a UUID for the new conversation
 * @param model the model; empty for the program's default
 * @param effort the reasoning effort (docs/wire/enums.md#b8); a text, because a later version of
 *     the API has more values
 * @param permissionMode the permissions; empty for the default of the profile
 * @param outputSchema the JSON Schema of the output
 * @param resumed the conversation to continue
 */
public record AgentRun(
        String sessionId,
        Optional<String> model,
        Optional<String> effort,
        Optional<PermissionMode> permissionMode,
        Optional<JsonText> outputSchema,
        Optional<Session> resumed) {

    private static final String SESSION_ID = "[A-Za-z0-9][A-Za-z0-9_-]*";

    /** Rejects null components. */
    public AgentRun {
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(effort, "effort");
        Objects.requireNonNull(permissionMode, "permissionMode");
        Objects.requireNonNull(outputSchema, "outputSchema");
        Objects.requireNonNull(resumed, "resumed");
    }

    /**
     * A conversation that was begun by an earlier run.
     *
     * @param id the id that the program gave it
     * @param file opens the file in which the program kept it
     * @param usage the tokens of the conversation so far, which some programs count again
     */
    public record Session(String id, Attachment.Content file, TokenUsage usage) {

        /**
         * Checks the id, because it becomes part of a path and of the command line.
         *
         * @throws IllegalArgumentException if the id is not of the form {@code
         *     [A-Za-z0-9][A-Za-z0-9_-]*}
         */
        public Session {
            if (!id.matches(SESSION_ID)) {
                throw new IllegalArgumentException("session id is malformed: " + id);
            }
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(usage, "usage");
        }
    }

    /**
     * Reads what a launch request asks for, from the state of its run (docs/wire/runs.md#f). The id
     * of a new conversation is the id of the run. A conversation of the request is continued unless
     * its id is malformed.
     */
    public static AgentRun of(LaunchRequest request) {
        JsonNode state = JsonLines.parse(request.run().state().text()).orElseThrow();
        return new AgentRun(
                request.sandbox().run().toString(),
                text(state, "model"),
                text(state, "reasoning_effort"),
                text(state, "initial_permission_mode").flatMap(PermissionMode::fromWire),
                request.task().details().jsonSchema(),
                request.conversation()
                        .filter(it -> it.sessionId().matches(SESSION_ID))
                        .map(AgentRun::session));
    }

    private static Session session(ResumedConversation conversation) {
        return new Session(
                conversation.sessionId(),
                conversation.content(),
                TokenUsage.parse(conversation.tokenUsage()));
    }

    /** Returns the agent program that a run chooses, its {@code runtime_adapter}. */
    public static Optional<String> adapterOf(LaunchRequest request) {
        return JsonLines.parse(request.run().state().text())
                .flatMap(state -> text(state, "runtime_adapter"));
    }

    /**
     * Returns the branch from which a run starts: its {@code pr_base_branch} (docs/wire/runs.md#f),
     * or its branch, which an agent may have changed since the run was created.
     */
    public static Optional<String> baseBranchOf(LaunchRequest request) {
        return JsonLines.parse(request.run().state().text())
                .flatMap(state -> text(state, "pr_base_branch"))
                .or(() -> request.run().branch());
    }

    /** Returns a copy that continues a conversation. */
    public AgentRun resuming(Session session) {
        return new AgentRun(
                sessionId, model, effort, permissionMode, outputSchema, Optional.of(session));
    }

    private static Optional<String> text(JsonNode state, String member) {
        return Optional.ofNullable(state.path(member).textValue()).filter(text -> !text.isBlank());
    }
}
