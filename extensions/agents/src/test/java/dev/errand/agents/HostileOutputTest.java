package dev.errand.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.agents.AgentFailure.Kind;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxListener.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Output that no program should print, but some will. */
class HostileOutputTest {

    enum Program {
        CLAUDE(new ClaudeProfile(ProfileOptions.DEFAULT), "claude-tools"),
        CODEX(new CodexProfile(ProfileOptions.DEFAULT), "codex-tools");

        private final AgentProfile profile;
        private final String recording;

        Program(AgentProfile profile, String recording) {
            this.profile = profile;
            this.recording = recording;
        }

        AgentStream stream() {
            return profile.stream(Samples.PLAIN);
        }

        List<String> lines() {
            return Samples.recorded(recording);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_unknown_event_becomes_a_console_entry_as_it_is(Program program) {
        String line = "{\"type\":\"telepathy\",\"thought\":[1.50,null]}";
        assertThat(Samples.translate(program.stream(), List.of(line)))
                .extracting(Samples::drawn)
                .containsExactly("_posthog/console debug " + line);
    }

    @ParameterizedTest
    @EnumSource
    void a_malformed_line_loses_nothing_else(Program program) {
        List<String> lines = new ArrayList<>(program.lines());
        List<String> drawn =
                Samples.translate(program.stream(), lines).stream().map(Samples::drawn).toList();
        lines.add(2, "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"te");
        lines.add(2, "\u0000\ud800 not JSON");
        lines.add(2, "[]");
        lines.add(2, "");
        AgentStream stream = program.stream();
        List<String> withNoise =
                Samples.translate(stream, lines).stream().map(Samples::drawn).toList();
        assertThat(withNoise).hasSize(drawn.size() + 4).containsSubsequence(drawn);
        assertThat(stream.result(0, Optional.empty(), Samples.NOW).finalMessage())
                .contains("The cart is fixed.");
    }

    @ParameterizedTest
    @EnumSource
    void lines_of_the_error_output_between_events_are_console_entries(Program program) {
        AgentStream stream = program.stream();
        List<String> drawn = new ArrayList<>();
        for (String line : program.lines()) {
            drawn.addAll(draw(stream.translate(Source.STDERR, line, Samples.NOW)));
            stream.translate(Source.STDOUT, line, Samples.NOW);
        }
        assertThat(drawn)
                .hasSameSizeAs(program.lines())
                .allMatch(entry -> entry.startsWith("_posthog/console error {"));
        assertThat(stream.result(0, Optional.empty(), Samples.NOW).failure()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_long_line_that_is_no_event_is_divided_and_complete(Program program) {
        String line = "{" + "😀".repeat(5 * 1024 * 1024 / 2);
        List<JsonText> entries = program.stream().translate(Source.STDOUT, line, Samples.NOW);
        StringBuilder joined = new StringBuilder();
        for (JsonText entry : entries) {
            assertThat(entry.text().length()).isLessThan(300_000);
            JsonNode parsed = JsonLines.parse(entry.text()).orElseThrow();
            joined.append(parsed.findValue("message").textValue());
        }
        assertThat(joined.toString().equals(line)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_tool_result_of_ten_megabytes_is_drawn_with_its_text_cut(Program program) {
        String huge = "x".repeat(10 * 1024 * 1024);
        String line =
                program == Program.CLAUDE
                        ? "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"tool_result\","
                                + "\"tool_use_id\":\"t\",\"content\":\""
                                + huge
                                + "\"}]}}"
                        : "{\"type\":\"item.completed\",\"item\":{\"id\":\"i\","
                                + "\"type\":\"command_execution\",\"command\":\"cat\","
                                + "\"aggregated_output\":\""
                                + huge
                                + "\",\"status\":\"completed\"}}";
        List<JsonText> entries = program.stream().translate(Source.STDOUT, line, Samples.NOW);
        JsonText update = entries.get(entries.size() - 1);
        assertThat(update.text()).contains("tool_call_update", "of 10485760 characters]");
        assertThat(update.text().length()).isLessThan(JsonLines.MAX_TEXT + 1000);
    }

    @ParameterizedTest
    @EnumSource
    void a_line_of_very_many_values_or_very_deep_is_not_expanded(Program program) {
        String wide = "{\"type\":\"user\",\"x\":[" + "[],".repeat(3_000_000) + "[]]}";
        String deep = "{\"type\":\"user\",\"x\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
        for (String line : List.of(wide, deep)) {
            assertThat(draw(program.stream().translate(Source.STDOUT, line, Samples.NOW)))
                    .isNotEmpty()
                    .allMatch(entry -> entry.startsWith("_posthog/console info "));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_program_that_ends_without_a_result_has_crashed_with_its_last_words(Program program) {
        AgentStream stream = program.stream();
        Samples.translate(stream, program.lines().subList(0, 3));
        stream.translate(Source.STDERR, "panicked at main.rs", Samples.NOW);
        assertThat(stream.result(134, Optional.empty(), Samples.NOW).failure())
                .contains(AgentFailure.of(Kind.CRASHED, "panicked at main.rs"));
        assertThat(program.stream().result(0, Optional.empty(), Samples.NOW).failure())
                .contains(AgentFailure.of(Kind.CRASHED, "exit code 0 without a result"));
    }

    @ParameterizedTest
    @EnumSource(StopReason.class)
    void a_program_that_was_stopped_has_timed_out_or_has_no_failure(StopReason reason) {
        boolean limit = reason == StopReason.TIME_LIMIT || reason == StopReason.INACTIVITY;
        for (Program program : Program.values()) {
            AgentResult result = program.stream().result(143, Optional.of(reason), Samples.NOW);
            assertThat(result.failure().map(AgentFailure::kind))
                    .isEqualTo(limit ? Optional.of(Kind.TIMED_OUT) : Optional.empty());
        }
    }

    static List<String> draw(List<JsonText> entries) {
        return entries.stream()
                .map(entry -> Samples.drawn(JsonLines.parse(entry.text()).orElseThrow()))
                .toList();
    }
}
