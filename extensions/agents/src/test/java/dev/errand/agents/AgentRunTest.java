package dev.errand.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.agents.AgentLaunch.PrivateFile;
import dev.errand.spi.JsonText;
import dev.errand.spi.Secret;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.sandbox.LaunchRequest;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentRunTest {

    @Test
    void the_state_of_a_run_says_what_it_asks_for() {
        AgentRun run =
                AgentRun.of(
                        Samples.request(
                                "{\"model\":\"gpt-5.5\",\"reasoning_effort\":\"high\","
                                        + "\"initial_permission_mode\":\"read-only\"}",
                                Optional.of("{\"type\":\"object\"}")));
        assertThat(run)
                .isEqualTo(
                        new AgentRun(
                                Samples.RUN_ID,
                                Optional.of("gpt-5.5"),
                                Optional.of("high"),
                                Optional.of(PermissionMode.READ_ONLY),
                                Optional.of(JsonText.of("{\"type\":\"object\"}")),
                                Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"model\":7,\"reasoning_effort\":\" \",\"initial_permission_mode\":\"telepathy\"}"
            })
    void values_that_are_absent_or_unreadable_ask_for_nothing(String state) {
        assertThat(AgentRun.of(Samples.request(state, Optional.empty()))).isEqualTo(Samples.PLAIN);
    }

    @Test
    void a_run_starts_from_the_branch_that_was_requested_at_its_creation() {
        assertThat(
                        AgentRun.baseBranchOf(
                                Samples.request(
                                        "{\"pr_base_branch\":\"release\"}", Optional.empty())))
                .hasValue("release");
        LaunchRequest plain = Samples.request("{}", Optional.empty());
        assertThat(AgentRun.baseBranchOf(plain)).isEqualTo(plain.run().branch());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "--last", "a b", "a/b"})
    void a_session_id_that_could_be_a_path_or_an_option_is_rejected(String id) {
        assertThatThrownBy(
                        () ->
                                new AgentRun.Session(
                                        id, InputStream::nullInputStream, TokenUsage.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../x", "a/../../x"})
    void a_private_file_stays_in_its_directory(String path) {
        assertThatThrownBy(() -> PrivateFile.of(path, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void malformed_options_are_rejected() {
        assertThatThrownBy(() -> ProfileOptions.DEFAULT.withMaxBudgetUsd(BigDecimal.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new McpServer.Local("a.b", List.of("x"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new McpServer.Local("a", List.of(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new McpServer.Remote("a", "ws", URI.create("http://x"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void options_reveal_no_secret() {
        McpServer server =
                new McpServer.Local("a", List.of("x"), Map.of("T", Secret.of("planted")));
        assertThat(ProfileOptions.DEFAULT.withMcpServers(List.of(server)).toString())
                .doesNotContain("planted");
    }

    @Test
    void usage_has_the_members_that_clients_read() {
        assertThat(new TokenUsage(1, 2, 3, 4, 1, 5).toJson())
                .isEqualTo(
                        JsonText.of(
                                "{\"input_tokens\":1,\"output_tokens\":2,\"cache_read_tokens\":3,"
                                        + "\"cache_write_tokens\":4,\"thought_tokens\":1,"
                                        + "\"total_tokens\":10,\"turns\":5}"));
    }

    @ParameterizedTest
    @CsvSource({
        "Opened https://github.com/a/b/pull/1 and https://github.com/a/b/pull/12., https://github.com/a/b/pull/12",
        "See (https://gitlab.example:8443/g/s/p/-/merge_requests/7), https://gitlab.example:8443/g/s/p/-/merge_requests/7",
        "Nothing to see at https://github.com/a/b/issues/3,"
    })
    void the_last_pull_request_of_the_final_message_is_found(String message, URI expected) {
        AgentResult result =
                new AgentResult(
                        Optional.empty(),
                        Optional.of(message),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        assertThat(result.pullRequest()).isEqualTo(Optional.ofNullable(expected));
    }
}
