package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.agents.AgentFailure.Kind;
import dev.errand.agents.SessionUpdates.Level;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.StopReason;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Reads the output of {@code claude --print --output-format stream-json}. */
final class ClaudeStream extends JsonLineStream {

    /** Codes that the program gives to errors of the provider. */
    private static final Map<String, Kind> CODES =
            Map.of(
                    "authentication_failed", Kind.NOT_AUTHENTICATED,
                    "oauth_org_not_allowed", Kind.NOT_AUTHENTICATED,
                    "billing_error", Kind.BUDGET_EXHAUSTED,
                    "model_not_found", Kind.UNKNOWN_MODEL,
                    "rate_limit", Kind.PROVIDER_LIMIT,
                    "overloaded", Kind.PROVIDER_LIMIT);

    private final ClaudePlan plan = new ClaudePlan();
    private Optional<String> sessionId = Optional.empty();
    private Optional<JsonText> output = Optional.empty();
    private Optional<String> finalMessage = Optional.empty();
    private Optional<TokenUsage> usage = Optional.empty();
    private Optional<BigDecimal> cost = Optional.empty();
    private Optional<Instant> limitReset = Optional.empty();
    private Optional<AgentFailure> pending = Optional.empty();
    private Optional<AgentFailure> failure = Optional.empty();
    private String errorCode = "";
    private long contextTokens;
    private boolean ended;

    @Override
    boolean translate(JsonNode event, SessionUpdates updates) {
        switch (event.path("type").asText()) {
            case "system" -> {
                return system(event, updates);
            }
            case "assistant" -> {
                return assistant(event, updates);
            }
            case "user" -> {
                return toolResults(event, updates);
            }
            case "rate_limit_event" -> {
                limit(event.path("rate_limit_info"), updates);
                return true;
            }
            case "result" -> {
                end(event, updates);
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private boolean system(JsonNode event, SessionUpdates updates) {
        switch (event.path("subtype").asText()) {
            case "init" -> {
                sessionId = text(event, "session_id").or(() -> sessionId);
                sessionId.ifPresent(id -> updates.session("claude", id));
                return sessionId.isPresent();
            }
            case "api_retry" -> {
                retry(event, updates);
                return true;
            }
            case "informational" -> {
                updates.console(Level.INFO, event.path("content").asText());
                return true;
            }
            case "thinking_tokens", "permission_denied" -> {
                // An estimate, many times a second; and what the tool's result says, too.
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private void retry(JsonNode event, SessionUpdates updates) {
        String code = event.path("error").asText();
        String message =
                "The provider answered %s (%s); retry %d of %d."
                        .formatted(
                                event.path("error_status").asText(),
                                code,
                                event.path("attempt").asInt(),
                                event.path("max_retries").asInt());
        pending = Optional.of(failed(CODES.getOrDefault(code, Kind.FAILED), message));
        updates.console(Level.WARN, message);
    }

    private boolean assistant(JsonNode event, SessionUpdates updates) {
        errorCode = event.path("error").asText("");
        if (!errorCode.isEmpty()) {
            return problem(event, updates);
        }
        pending = Optional.empty();
        JsonNode tokens = event.path("message").path("usage");
        contextTokens = tokensOf(tokens).total();
        boolean known = false;
        for (JsonNode block : event.path("message").path("content")) {
            known |= block(block, updates);
        }
        return known;
    }

    /** A message that the program wrote itself, because the provider answered with an error. */
    private static boolean problem(JsonNode event, SessionUpdates updates) {
        for (JsonNode block : event.path("message").path("content")) {
            updates.console(Level.ERROR, block.path("text").asText());
        }
        return true;
    }

    private static boolean block(JsonNode block, SessionUpdates updates) {
        switch (block.path("type").asText()) {
            case "text" -> updates.message(block.path("text").asText());
            case "thinking" -> updates.thought(block.path("thinking").asText());
            case "tool_use", "server_tool_use" -> {
                String name = block.path("name").asText();
                JsonNode input = block.path("input");
                if (name.equals("TodoWrite") && input.path("todos").isArray()) {
                    updates.plan(ClaudePlan.of(input.path("todos")));
                }
                ClaudeTool.draw(block.path("id").asText(), name, input, updates);
            }
            default -> updates.console(Level.DEBUG, JsonLines.write(block));
        }
        return true;
    }

    private boolean toolResults(JsonNode event, SessionUpdates updates) {
        boolean known = false;
        for (JsonNode block : event.path("message").path("content")) {
            if (block.path("type").asText().equals("tool_result")) {
                updates.toolResult(
                        block.path("tool_use_id").asText(),
                        !block.path("is_error").asBoolean(),
                        content(block.path("content")));
                known = true;
            }
        }
        if (known && plan.apply(event.path("tool_use_result"))) {
            updates.plan(plan.steps());
        }
        return known;
    }

    private static ArrayNode content(JsonNode result) {
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        if (result.isTextual()) {
            content.add(SessionUpdates.textContent(result.textValue()));
        }
        for (JsonNode block : result) {
            boolean text = block.path("type").asText().equals("text");
            content.add(
                    SessionUpdates.textContent(
                            text
                                    ? block.path("text").asText()
                                    : "[" + block.path("type").asText() + "]"));
        }
        return content;
    }

    private void limit(JsonNode info, SessionUpdates updates) {
        if (!info.path("status").asText().equals("rejected")) {
            return;
        }
        if (info.path("resetsAt").canConvertToLong()) {
            limitReset = Optional.of(Instant.ofEpochSecond(info.path("resetsAt").longValue()));
        }
        updates.console(
                Level.WARN,
                "The provider's limit is reached"
                        + limitReset.map(time -> " until " + time).orElse("")
                        + ".");
    }

    private void end(JsonNode event, SessionUpdates updates) {
        ended = true;
        sessionId = text(event, "session_id").or(() -> sessionId);
        boolean error = event.path("is_error").asBoolean();
        finalMessage = error ? Optional.empty() : text(event, "result");
        JsonNode structured = event.path("structured_output");
        output =
                structured.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(JsonLines.text(structured));
        addUsage(event);
        failure = error ? Optional.of(failure(event)) : Optional.empty();
        if (errorCode.isEmpty()) {
            failure.ifPresent(failed -> updates.console(Level.ERROR, failed.message()));
        }
        for (JsonNode denied : event.path("permission_denials")) {
            updates.console(
                    Level.WARN,
                    "Not permitted: "
                            + denied.path("tool_name").asText()
                            + " "
                            + JsonLines.write(denied.path("tool_input")));
        }
        updates.usage(usageUpdate(event));
    }

    private AgentFailure failure(JsonNode event) {
        String words = text(event, "result").orElseGet(() -> errors(event));
        if (event.path("subtype").asText().equals("error_max_budget_usd")) {
            return failed(Kind.BUDGET_EXHAUSTED, words);
        }
        if (event.path("stop_reason").asText().equals("refusal")) {
            return failed(Kind.REFUSED, words);
        }
        Kind kind = CODES.getOrDefault(errorCode, FailureWords.kindOf(words));
        return failed(kind, words);
    }

    private static String errors(JsonNode event) {
        StringBuilder words = new StringBuilder();
        for (JsonNode error : event.path("errors")) {
            words.append(words.isEmpty() ? "" : "\n").append(error.asText());
        }
        return words.isEmpty() ? event.path("subtype").asText() : words.toString();
    }

    private AgentFailure failed(Kind kind, String words) {
        return new AgentFailure(
                kind, words(words), kind == Kind.PROVIDER_LIMIT ? limitReset : Optional.empty());
    }

    /**
     * Prefers the usage by model, which contains other models and calls that failed later. The
     * total by model would contain what a resumed conversation had used before.
     */
    private void addUsage(JsonNode event) {
        TokenUsage turn = new TokenUsage(0, 0, 0, 0, 0, 1);
        JsonNode models = event.path("model_usage_since_last_result");
        if (models.isObject()) {
            for (JsonNode model : models) {
                turn =
                        turn.plus(
                                new TokenUsage(
                                        model.path("inputTokens").asLong(),
                                        model.path("outputTokens").asLong(),
                                        model.path("cacheReadInputTokens").asLong(),
                                        model.path("cacheCreationInputTokens").asLong(),
                                        model.path("thinkingTokens").asLong(),
                                        0));
                BigDecimal modelCost = model.path("costUSD").decimalValue();
                cost = Optional.of(cost.orElse(BigDecimal.ZERO).add(modelCost));
            }
        } else {
            turn = turn.plus(tokensOf(event.path("usage")));
        }
        usage = Optional.of(usage.orElse(TokenUsage.NONE).plus(turn));
    }

    private static TokenUsage tokensOf(JsonNode tokens) {
        return new TokenUsage(
                tokens.path("input_tokens").asLong(),
                tokens.path("output_tokens").asLong(),
                tokens.path("cache_read_input_tokens").asLong(),
                tokens.path("cache_creation_input_tokens").asLong(),
                tokens.path("output_tokens_details").path("thinking_tokens").asLong(),
                0);
    }

    private ObjectNode usageUpdate(JsonNode event) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("used", contextTokens);
        long size = 0;
        for (JsonNode model : event.path("modelUsage")) {
            size = Math.max(size, model.path("contextWindow").asLong());
        }
        members.put("size", size);
        cost.ifPresent(
                amount -> members.putObject("cost").put("amount", amount).put("currency", "USD"));
        return members;
    }

    @Override
    public AgentResult result(int exitCode, Optional<StopReason> stop, Instant now) {
        boolean succeeded = ended && failure.isEmpty() && exitCode == 0;
        Optional<AgentFailure> why = succeeded ? Optional.empty() : failure;
        if (why.isEmpty() && !succeeded) {
            why = withoutResult(exitCode, stop, pending);
        }
        return new AgentResult(
                output,
                finalMessage,
                usage,
                cost,
                sessionId,
                why.map(failed -> LimitReset.complete(failed, now)));
    }
}
