package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.agents.SessionUpdates.Level;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.StopReason;
import java.time.Instant;
import java.util.Optional;

/** Reads the output of {@code codex exec --json}. */
final class CodexStream extends JsonLineStream {

    private final boolean structured;
    private final TokenUsage usageBefore;
    private final CodexItems items = new CodexItems();
    private Optional<String> sessionId = Optional.empty();
    private Optional<String> finalMessage = Optional.empty();
    private Optional<TokenUsage> usage = Optional.empty();
    private Optional<AgentFailure> pending = Optional.empty();
    private Optional<AgentFailure> failure = Optional.empty();
    private boolean ended;

    CodexStream(AgentRun run) {
        structured = run.outputSchema().isPresent();
        usageBefore = run.resumed().map(AgentRun.Session::usage).orElse(TokenUsage.NONE);
    }

    @Override
    boolean translate(JsonNode event, SessionUpdates updates) {
        switch (event.path("type").asText()) {
            case "thread.started" -> {
                sessionId = text(event, "thread_id");
                sessionId.ifPresent(id -> updates.session("codex", id));
                items.thread(sessionId.orElse(""));
                return sessionId.isPresent();
            }
            case "turn.started" -> {
                return true;
            }
            case "turn.completed" -> {
                end(event.path("usage"), updates);
                return true;
            }
            case "turn.failed" -> {
                failure = Optional.of(failed(event.path("error").path("message").asText()));
                return true;
            }
            case "error" -> {
                error(event.path("message").asText(), updates);
                return true;
            }
            case "item.started", "item.updated", "item.completed" -> {
                return item(event, updates);
            }
            default -> {
                return false;
            }
        }
    }

    private boolean item(JsonNode event, SessionUpdates updates) {
        JsonNode item = event.path("item");
        if (item.path("type").asText().equals("agent_message")) {
            pending = Optional.empty();
            finalMessage = text(item, "text").or(() -> finalMessage);
        }
        return items.draw(item, event.path("type").asText().equals("item.completed"), updates);
    }

    /** A failed turn repeats the message of its last error. */
    private void error(String message, SessionUpdates updates) {
        boolean retried = message.startsWith("Reconnecting...");
        pending = Optional.of(failed(message));
        updates.console(retried ? Level.WARN : Level.ERROR, message);
    }

    /**
     * The program counts a conversation as a whole, with what it had used before it was resumed.
     */
    private void end(JsonNode tokens, SessionUpdates updates) {
        ended = true;
        pending = Optional.empty();
        long cached = tokens.path("cached_input_tokens").asLong();
        long written = tokens.path("cache_write_input_tokens").asLong();
        TokenUsage conversation =
                new TokenUsage(
                        tokens.path("input_tokens").asLong() - cached - written,
                        tokens.path("output_tokens").asLong(),
                        cached,
                        written,
                        tokens.path("reasoning_output_tokens").asLong(),
                        usage.map(TokenUsage::turns).orElse(0L) + 1);
        usage = Optional.of(conversation.since(usageBefore));
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        updates.usage(members.put("used", conversation.total()));
    }

    private static AgentFailure failed(String message) {
        return AgentFailure.of(FailureWords.kindOf(message), words(message));
    }

    @Override
    public AgentResult result(int exitCode, Optional<StopReason> stop, Instant now) {
        boolean succeeded = ended && failure.isEmpty() && exitCode == 0;
        Optional<AgentFailure> why =
                succeeded
                        ? Optional.empty()
                        : failure.or(() -> withoutResult(exitCode, stop, pending));
        Optional<JsonText> output =
                structured && succeeded
                        ? finalMessage.flatMap(JsonLines::parse).map(JsonLines::text)
                        : Optional.empty();
        return new AgentResult(
                output,
                finalMessage,
                usage,
                Optional.empty(),
                sessionId,
                why.map(failed -> LimitReset.complete(failed, now)));
    }
}
