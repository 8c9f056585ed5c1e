package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.JsonText;

/**
 * The tokens that a run used. Each number is 0 or more; negative ones become 0.
 *
 * @param input tokens that were sent and not read from a cache
 * @param output tokens that were generated, including thoughts
 * @param cacheRead tokens that were read from the provider's cache
 * @param cacheWrite tokens that were written to the provider's cache
 * @param thought the part of {@code output} that was not visible
 * @param turns prompts that were answered
 */
public record TokenUsage(
        long input, long output, long cacheRead, long cacheWrite, long thought, long turns) {

    /** No tokens. */
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0, 0);

    /** Replaces negative numbers. */
    public TokenUsage {
        input = Math.max(0, input);
        output = Math.max(0, output);
        cacheRead = Math.max(0, cacheRead);
        cacheWrite = Math.max(0, cacheWrite);
        thought = Math.max(0, thought);
        turns = Math.max(0, turns);
    }

    /**
     * Reads the value of {@code token_usage} in the state of a run (docs/wire/runs.md#f). A number
     * that is missing or not an integer counts as 0.
     */
    public static TokenUsage parse(JsonText json) {
        JsonNode counts = JsonLines.parse(json.text()).orElseThrow();
        return new TokenUsage(
                counts.path("input_tokens").asLong(),
                counts.path("output_tokens").asLong(),
                counts.path("cache_read_tokens").asLong(),
                counts.path("cache_write_tokens").asLong(),
                counts.path("thought_tokens").asLong(),
                counts.path("turns").asLong());
    }

    /** Returns all tokens together. */
    public long total() {
        return input + output + cacheRead + cacheWrite;
    }

    /** Returns the sum of both. */
    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(
                input + other.input,
                output + other.output,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                thought + other.thought,
                turns + other.turns);
    }

    /** Returns the difference of the tokens; the turns stay. */
    TokenUsage since(TokenUsage before) {
        return new TokenUsage(
                input - before.input,
                output - before.output,
                cacheRead - before.cacheRead,
                cacheWrite - before.cacheWrite,
                thought - before.thought,
                turns);
    }

    /** Returns the value of {@code token_usage} in the state of a run (docs/wire/runs.md#f). */
    public JsonText toJson() {
        return JsonText.of(
                ("{\"input_tokens\":%d,\"output_tokens\":%d,\"cache_read_tokens\":%d,"
                                + "\"cache_write_tokens\":%d,\"thought_tokens\":%d,"
                                + "\"total_tokens\":%d,\"turns\":%d}")
                        .formatted(input, output, cacheRead, cacheWrite, thought, total(), turns));
    }
}
