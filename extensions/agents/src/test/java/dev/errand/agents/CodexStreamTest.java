package dev.errand.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.agents.AgentFailure.Kind;
import dev.errand.spi.JsonText;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What recorded output of Codex becomes. */
class CodexStreamTest {

    private static final String THREAD = "01a23102-d0f4-7be2-a64a-b1b063749784";
    private static final CodexProfile PROFILE = new CodexProfile(ProfileOptions.DEFAULT);

    private final AgentStream stream = PROFILE.stream(Samples.PLAIN);

    @Test
    void messages_thoughts_and_tool_calls_are_drawn_in_order() {
        assertThat(Samples.drawn(stream, "codex-tools"))
                .containsSubsequence(
                        "_posthog/sdk_session " + THREAD,
                        "agent_thought_chunk I should look at the cart.",
                        "tool_call execute | /bin/bash -lc 'echo hello > hello.txt && cat hello.txt'"
                                + " | {\"command\":\"/bin/bash -lc 'echo hello > hello.txt && cat"
                                + " hello.txt'\"} | ",
                        "tool_call_update completed | [hello\n]",
                        "tool_call_update failed | [ls: cannot access '/does-not-exist': No such"
                                + " file or directory\n]",
                        "tool_call edit | Edit /workspace/new.txt |"
                                + " {\"changes\":[{\"path\":\"/workspace/new.txt\",\"kind\":\"add\"}]} |"
                                + " [{\"path\":\"/workspace/new.txt\"}]",
                        "tool_call_update completed | []",
                        "agent_message The cart is fixed.",
                        "usage_update 72/");
    }

    @Test
    void ids_of_tool_calls_differ_between_conversations() {
        assertThat(Samples.translate(stream, Samples.recorded("codex-tools")))
                .flatExtracting(entry -> entry.findValuesAsText("toolCallId"))
                .contains(THREAD + ":item_1")
                .allMatch(id -> String.valueOf(id).startsWith(THREAD + ":"));
    }

    @Test
    void a_plan_is_drawn_at_each_change() {
        assertThat(Samples.drawn(stream, "codex-plan"))
                .filteredOn(entry -> entry.startsWith("plan"))
                .containsExactly(
                        "plan [Fix the cart:pending, Test:pending]",
                        "plan [Fix the cart:completed, Test:pending]");
    }

    @Test
    void a_tool_of_an_mcp_server_is_drawn_with_its_server() {
        assertThat(Samples.drawn(stream, "codex-mcp"))
                .contains("tool_call_update completed | [said hi]")
                .anyMatch(entry -> entry.startsWith("tool_call other | echo: say | "));
    }

    @Test
    void a_call_whose_start_is_missing_is_drawn_with_its_end() {
        List<String> end = Samples.recorded("codex-tools").subList(4, 5);
        assertThat(Samples.translate(stream, end))
                .extracting(entry -> entry.findValue("sessionUpdate").asText())
                .containsExactly("tool_call", "tool_call_update");
    }

    @Test
    void the_result_has_the_final_message_usage_and_session() {
        AgentResult result = Samples.result(stream, "codex-tools", 0);
        assertThat(result.finalMessage()).contains("The cart is fixed.");
        assertThat(result.usage()).contains(new TokenUsage(32, 28, 12, 0, 8, 1));
        assertThat(result.sessionId()).contains(THREAD);
        assertThat(result.output()).isEmpty();
        assertThat(result.failure()).isEmpty();
    }

    @Test
    void the_final_message_is_the_output_if_the_task_has_a_schema() {
        AgentStream structured = PROFILE.stream(Samples.withSchema("{\"type\":\"object\"}"));
        assertThat(Samples.result(structured, "codex-schema", 0).output())
                .contains(JsonText.of("{\"answer\":42}"));
        assertThat(Samples.result(stream, "codex-schema", 0).output()).isEmpty();
    }

    @Test
    void a_resumed_run_counts_only_its_own_tokens() {
        AgentStream resumed = PROFILE.stream(Samples.resuming("abc"));
        assertThat(Samples.result(resumed, "codex-resumed", 0).usage())
                .contains(new TokenUsage(8, 7, 3, 0, 2, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "codex-no-key        | NOT_AUTHENTICATED | Missing environment variable",
                "codex-wrong-key     | NOT_AUTHENTICATED | Incorrect API key",
                "codex-unknown-model | UNKNOWN_MODEL     | does not exist",
                "codex-no-credit     | BUDGET_EXHAUSTED  | Quota exceeded",
                "codex-limit         | PROVIDER_LIMIT    | usage limit",
                "codex-overloaded    | PROVIDER_LIMIT    | Overloaded",
                "codex-refused       | REFUSED           | flagged as potentially violating"
            })
    void a_failure_has_a_kind_beside_the_words_of_the_program(
            String recording, Kind kind, String words) {
        AgentFailure failure = Samples.result(stream, recording, 1).failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.message()).contains(words);
    }

    @Test
    void a_limit_says_when_to_retry() {
        assertThat(Samples.result(stream, "codex-limit", 1).failure().orElseThrow().retryAt())
                .hasValueSatisfying(
                        time ->
                                assertThat(Duration.between(Samples.NOW, time))
                                        .isPositive()
                                        .isLessThanOrEqualTo(Duration.ofHours(24)));
    }
}
