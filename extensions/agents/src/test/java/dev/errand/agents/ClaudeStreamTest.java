package dev.errand.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.agents.AgentFailure.Kind;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.StopReason;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What recorded output of Claude Code becomes. */
class ClaudeStreamTest {

    private final AgentStream stream =
            new ClaudeProfile(ProfileOptions.DEFAULT).stream(Samples.PLAIN);

    @Test
    void messages_thoughts_and_tool_calls_are_drawn_in_order() {
        assertThat(Samples.drawn(stream, "claude-tools"))
                .startsWith(
                        "_posthog/sdk_session 2e8c5c98-85f1-4b3f-9c48-9a49e30ad631",
                        "agent_thought_chunk I should look at the cart.",
                        "agent_message I will use a tool.",
                        "tool_call execute | echo hello > hello.txt && cat hello.txt |"
                                + " {\"command\":\"echo hello > hello.txt && cat hello.txt\","
                                + "\"description\":\"Write a greeting\"} | ",
                        "tool_call_update completed | [hello]")
                .contains(
                        "tool_call_update failed | [Exit code 2\n"
                                + "ls: cannot access '/does-not-exist': No such file or directory]",
                        "tool_call edit | Write /workspace/new.txt |"
                                + " {\"file_path\":\"/workspace/new.txt\",\"content\":\"new\\n\"} |"
                                + " [{\"path\":\"/workspace/new.txt\"}]")
                .endsWith("agent_message The cart is fixed.", "usage_update 20/200000");
    }

    @Test
    void an_entry_has_the_form_of_the_protocol() {
        List<JsonNode> entries =
                Samples.translate(stream, Samples.recorded("claude-tools").subList(3, 4));
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).toString())
                .isEqualTo(
                        "{\"type\":\"notification\",\"timestamp\":\"2026-12-01T10:00:00.000000Z\","
                                + "\"notification\":{\"jsonrpc\":\"2.0\",\"method\":\"session/update\","
                                + "\"params\":{\"update\":{\"sessionUpdate\":\"agent_message\","
                                + "\"content\":{\"type\":\"text\",\"text\":\"I will use a tool.\"}}}}}");
    }

    @Test
    void a_written_file_is_drawn_as_a_difference() {
        JsonNode call =
                Samples.translate(stream, Samples.recorded("claude-tools")).stream()
                        .filter(entry -> entry.findValuesAsText("kind").contains("edit"))
                        .findFirst()
                        .orElseThrow();
        assertThat(call.findValue("content").toString())
                .isEqualTo(
                        "[{\"type\":\"diff\",\"path\":\"/workspace/new.txt\",\"oldText\":null,"
                                + "\"newText\":\"new\\n\"}]");
    }

    @Test
    void a_plan_that_changes_by_steps_is_drawn_as_a_whole() {
        assertThat(Samples.drawn(stream, "claude-plan"))
                .filteredOn(entry -> entry.startsWith("plan"))
                .containsExactly(
                        "plan [Fix the cart:pending]",
                        "plan [Fix the cart:in_progress]",
                        "plan [Fix the cart:completed]");
    }

    @Test
    void a_plan_that_is_written_as_a_whole_is_drawn() {
        String line =
                """
                {"type":"assistant","message":{"content":[{"type":"tool_use","id":"t","name":"TodoWrite",\
                "input":{"todos":[{"content":"Test","status":"in_progress"},{"content":"Ship","status":"?"}]}}]}}""";
        assertThat(Samples.translate(stream, List.of(line)))
                .extracting(Samples::drawn)
                .contains("plan [Test:in_progress, Ship:pending]");
    }

    @Test
    void a_tool_of_an_mcp_server_is_drawn_with_its_server() {
        assertThat(Samples.drawn(stream, "claude-mcp"))
                .contains(
                        "tool_call other | echo: say | {\"text\":\"hi\"} | ",
                        "tool_call_update completed | [said hi]");
    }

    @Test
    void tools_that_were_not_permitted_are_named() {
        assertThat(Samples.drawn(stream, "claude-denied"))
                .filteredOn(entry -> entry.startsWith("_posthog/console"))
                .hasSize(2)
                .allMatch(entry -> entry.startsWith("_posthog/console warn Not permitted: "));
    }

    @Test
    void the_result_has_the_final_message_usage_cost_and_session() {
        AgentResult result = Samples.result(stream, "claude-tools", 0);
        assertThat(result.finalMessage()).contains("The cart is fixed.");
        assertThat(result.usage()).contains(new TokenUsage(44, 28, 12, 20, 0, 1));
        assertThat(result.costUsd()).contains(new BigDecimal("0.0006305999999999999"));
        assertThat(result.sessionId()).contains("2e8c5c98-85f1-4b3f-9c48-9a49e30ad631");
        assertThat(result.output()).isEmpty();
        assertThat(result.failure()).isEmpty();
    }

    @Test
    void the_structured_output_is_the_output() {
        assertThat(Samples.result(stream, "claude-schema", 0).output())
                .contains(JsonText.of("{\"answer\":42}"));
    }

    @Test
    void a_resumed_run_counts_only_its_own_tokens() {
        assertThat(Samples.result(stream, "claude-resumed", 0).usage())
                .contains(new TokenUsage(11, 7, 3, 5, 0, 1));
    }

    @Test
    void tokens_of_a_run_that_exceeded_its_budget_are_counted() {
        assertThat(Samples.result(stream, "claude-budget", 1).usage())
                .contains(new TokenUsage(10_000_000, 7, 3, 5, 0, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claude-not-logged-in   | NOT_AUTHENTICATED | Not logged in · Please run /login",
                "claude-wrong-key       | NOT_AUTHENTICATED | Invalid API key · Fix external API key",
                "claude-unknown-model   | UNKNOWN_MODEL     | There's an issue with the selected model (claude-sonnet-4-6). It may not exist or you may not have access to it. Run --model to pick a different model.",
                "claude-budget          | BUDGET_EXHAUSTED  | Reached maximum budget ($0.01)",
                "claude-no-credit       | BUDGET_EXHAUSTED  | Credit balance is too low",
                "claude-limit           | PROVIDER_LIMIT    | You've hit your 5-hour limit · resets 10:57am (UTC)",
                "claude-unknown-session | FAILED            | No conversation found with session ID: 11111111-2222-4333-8444-555555555556"
            })
    void a_failure_has_a_kind_beside_the_words_of_the_program(
            String recording, Kind kind, String message) {
        AgentResult result = Samples.result(stream, recording, 1);
        assertThat(result.failure()).hasValueSatisfying(f -> assertThat(f.kind()).isEqualTo(kind));
        assertThat(result.failure().orElseThrow().message()).isEqualTo(message);
        assertThat(result.finalMessage()).isEmpty();
    }

    @Test
    void a_refusal_is_a_failure_of_its_own() {
        assertThat(Samples.result(stream, "claude-refused", 1).failure())
                .hasValueSatisfying(failure -> assertThat(failure.kind()).isEqualTo(Kind.REFUSED));
    }

    @Test
    void the_reset_time_of_a_limit_is_when_to_retry() {
        assertThat(Samples.result(stream, "claude-limit", 1).failure().orElseThrow().retryAt())
                .contains(Instant.parse("2026-12-01T10:57:57Z"));
    }

    @Test
    void a_failure_is_logged_once() {
        assertThat(Samples.drawn(stream, "claude-wrong-key"))
                .filteredOn(entry -> entry.startsWith("_posthog/console error"))
                .hasSize(1);
    }

    @Test
    void a_program_that_is_stopped_while_it_retries_failed_for_the_reason_of_the_retry() {
        Samples.translate(stream, Samples.recorded("claude-wrong-key").subList(0, 2));
        AgentResult result = stream.result(143, Optional.of(StopReason.TIME_LIMIT), Samples.NOW);
        assertThat(result.failure())
                .hasValueSatisfying(f -> assertThat(f.kind()).isEqualTo(Kind.NOT_AUTHENTICATED));
    }

    @Test
    void an_answer_ends_the_retries() {
        Samples.translate(stream, Samples.recorded("claude-wrong-key").subList(0, 2));
        Samples.translate(stream, Samples.recorded("claude-tools").subList(3, 4));
        assertThat(
                        stream.result(143, Optional.of(StopReason.TIME_LIMIT), Samples.NOW)
                                .failure()
                                .orElseThrow()
                                .kind())
                .isEqualTo(Kind.TIMED_OUT);
    }
}
