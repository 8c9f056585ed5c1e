package dev.errand.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.agents.AgentLaunch.PrivateFile;
import dev.errand.spi.Secret;
import dev.errand.spi.run.PermissionMode;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeProfileTest {

    private static final Path HOME = Path.of("/sandbox/it's home");
    private static final String KEY = "sk-ant-planted";
    private static final Map<String, String> HOST =
            Map.of("ANTHROPIC_API_KEY", KEY, "DATABASE_PASSWORD", "hunter2");

    private static AgentLaunch launch(ProfileOptions options, AgentRun run) {
        return new ClaudeProfile(options).launch(run, HOST, HOME);
    }

    private static AgentLaunch launch(AgentRun run) {
        return launch(ProfileOptions.DEFAULT, run);
    }

    @Test
    void a_run_that_asks_for_nothing_may_edit_files_in_a_conversation_with_its_own_id() {
        assertThat(launch(Samples.PLAIN).command())
                .containsExactly(
                        "claude",
                        "--print",
                        "--output-format",
                        "stream-json",
                        "--verbose",
                        "--permission-mode",
                        "acceptEdits",
                        "--session-id",
                        Samples.RUN_ID,
                        "--strict-mcp-config",
                        "--settings",
                        "/sandbox/it's home/settings.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"low", "medium", "high", "xhigh", "max"})
    void an_effort_is_passed_on(String effort) {
        AgentLaunch launch = launch(Samples.withEffort(effort));
        assertThat(launch.command()).containsSequence("--effort", effort);
        assertThat(launch.notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ultracode", "minimal", "off", "--model"})
    void an_effort_without_an_equivalent_is_named_and_left_out(String effort) {
        AgentLaunch launch = launch(Samples.withEffort(effort));
        assertThat(launch.command()).doesNotContain("--effort", effort);
        assertThat(launch.notes()).singleElement().asString().contains(effort);
    }

    @ParameterizedTest
    @CsvSource({
        "default,           manual",
        "acceptEdits,       acceptEdits",
        "plan,              plan",
        "bypassPermissions, bypassPermissions",
        "auto,              auto",
        "read-only,         plan",
        "full-access,       bypassPermissions"
    })
    void each_permission_mode_has_an_equivalent(String wire, String expected) {
        PermissionMode mode = PermissionMode.fromWire(wire).orElseThrow();
        assertThat(launch(Samples.withMode(mode)).command())
                .containsSequence("--permission-mode", expected);
        assertThat(launch(ProfileOptions.DEFAULT.withPermissionMode(mode), Samples.PLAIN).command())
                .containsSequence("--permission-mode", expected);
    }

    @Test
    void every_permission_mode_is_in_the_table() {
        assertThat(ClaudeProfile.PERMISSION_MODES).containsOnlyKeys(PermissionMode.values());
    }

    @Test
    void a_model_cannot_become_another_option() {
        assertThat(launch(Samples.withModel("--dangerously-skip-permissions")).command())
                .contains("--model=--dangerously-skip-permissions")
                .doesNotContain("--dangerously-skip-permissions");
    }

    @Test
    void a_schema_is_an_argument_unless_it_is_too_long_for_one() {
        assertThat(launch(Samples.withSchema("{\"type\":\"object\"}")).command())
                .containsSequence("--json-schema", "{\"type\":\"object\"}");
        AgentLaunch tooLong =
                launch(Samples.withSchema("{\"title\":\"" + "é".repeat(60_000) + "\"}"));
        assertThat(tooLong.command()).doesNotContain("--json-schema");
        assertThat(tooLong.notes()).singleElement().asString().contains("schema");
    }

    @Test
    void a_budget_is_written_without_an_exponent() {
        ProfileOptions options = ProfileOptions.DEFAULT.withMaxBudgetUsd(new BigDecimal("1E+1"));
        assertThat(launch(options, Samples.PLAIN).command())
                .containsSequence("--max-budget-usd", "10");
    }

    @Test
    void a_resumed_conversation_is_a_file_of_its_configuration() {
        AgentLaunch launch = launch(Samples.resuming("abc-1"));
        String file = "claude/projects/resumed/abc-1.jsonl";
        assertThat(launch.command())
                .containsSequence("--resume", HOME.resolve(file).toString())
                .doesNotContain("--session-id");
        assertThat(Samples.files(launch)).containsKey(file);
        assertThat(Path.of(file).getFileSystem().getPathMatcher("glob:" + sessionFile("abc-1")))
                .matches(matcher -> matcher.matches(Path.of(file)));
    }

    private static String sessionFile(String id) {
        return new ClaudeProfile(ProfileOptions.DEFAULT).sessionFile(id);
    }

    @Test
    void mcp_servers_are_given_in_a_file() {
        ProfileOptions options =
                ProfileOptions.DEFAULT.withMcpServers(
                        List.of(
                                new McpServer.Remote(
                                        "docs",
                                        "sse",
                                        URI.create("https://docs.example/mcp"),
                                        Map.of("Authorization", Secret.of("Bearer planted"))),
                                new McpServer.Local(
                                        "files",
                                        List.of("node", "server.mjs", "--all"),
                                        Map.of("TOKEN", Secret.of("planted")))));
        AgentLaunch launch = launch(options, Samples.PLAIN);
        assertThat(launch.command())
                .containsSequence("--mcp-config", "/sandbox/it's home/mcp.json")
                .noneMatch(word -> word.contains("planted"));
        assertThat(Samples.files(launch).get("mcp.json"))
                .isEqualTo(
                        "{\"mcpServers\":{\"docs\":{\"type\":\"sse\",\"url\":\"https://docs.example/mcp\","
                                + "\"headers\":{\"Authorization\":\"Bearer planted\"}},"
                                + "\"files\":{\"type\":\"stdio\",\"command\":\"node\","
                                + "\"args\":[\"server.mjs\",\"--all\"],\"env\":{\"TOKEN\":\"planted\"}}}}");
    }

    @Test
    void a_key_is_in_a_private_file_and_nowhere_else() {
        AgentLaunch launch = launch(Samples.PLAIN);
        assertThat(launch.command()).noneMatch(word -> word.contains(KEY));
        assertThat(launch.environment().values()).noneMatch(value -> value.reveal().contains(KEY));
        assertThat(launch.toString()).doesNotContain(KEY);
        assertThat(Samples.files(launch)).containsEntry("api-key", KEY);
        assertThat(Samples.files(launch).get("settings.json"))
                .isEqualTo("{\"apiKeyHelper\":\"cat '/sandbox/it'\\\\''s home/api-key'\"}");
    }

    @Test
    void tokens_and_addresses_are_passed_on_and_nothing_else() {
        Map<String, String> host =
                Map.of(
                        "CLAUDE_CODE_OAUTH_TOKEN", "planted-token",
                        "ANTHROPIC_BASE_URL", "http://gateway",
                        "ANTHROPIC_AUTH_TOKEN", " ",
                        "AWS_SECRET_ACCESS_KEY", "of the host");
        AgentLaunch launch =
                new ClaudeProfile(ProfileOptions.DEFAULT).launch(Samples.PLAIN, host, HOME);
        assertThat(launch.environment())
                .containsOnlyKeys(
                        "CLAUDE_CODE_OAUTH_TOKEN",
                        "ANTHROPIC_BASE_URL",
                        "CLAUDE_CONFIG_DIR",
                        "DISABLE_AUTOUPDATER",
                        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
                        "IS_SANDBOX");
        assertThat(launch.toString()).doesNotContain("planted-token");
        assertThat(launch.files()).isEmpty();
    }

    @Test
    void a_login_replaces_the_keys_of_the_environment(@TempDir Path login) throws Exception {
        Files.writeString(login.resolve(".credentials.json"), "planted login");
        ProfileOptions options = ProfileOptions.DEFAULT.withLoginDirectory(login);
        AgentLaunch launch = launch(options, Samples.PLAIN);
        assertThat(Samples.files(launch))
                .containsExactly(Map.entry("claude/.credentials.json", "planted login"));
        assertThat(launch.files()).allMatch(PrivateFile::optional);
        assertThat(launch.toString()).doesNotContain("planted login");
    }

    @Test
    void without_a_credential_it_says_what_to_set(@TempDir Path empty) {
        ClaudeProfile profile = new ClaudeProfile(ProfileOptions.DEFAULT);
        assertThat(profile.missingCredential(Map.of("ANTHROPIC_API_KEY", "")))
                .hasValueSatisfying(
                        text ->
                                assertThat(text)
                                        .contains("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"));
        assertThat(profile.missingCredential(HOST)).isEmpty();
        assertThat(profile.missingCredential(Map.of("CLAUDE_CODE_OAUTH_TOKEN", "t"))).isEmpty();
        ProfileOptions login = ProfileOptions.DEFAULT.withLoginDirectory(empty);
        assertThat(new ClaudeProfile(login).missingCredential(HOST))
                .hasValueSatisfying(text -> assertThat(text).contains(empty.toString()));
    }

    @Test
    void it_knows_the_version_of_its_program_only() {
        ClaudeProfile profile = new ClaudeProfile(ProfileOptions.DEFAULT);
        assertThat(profile.version("2.1.332 (Claude Code)\n")).contains("2.1.332");
        assertThat(profile.version("codex-cli 0.171.0\n")).isEmpty();
    }
}
