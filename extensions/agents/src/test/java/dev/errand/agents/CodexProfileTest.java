package dev.errand.agents;

import static org.assertj.core.api.Assertions.assertThat;

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

class CodexProfileTest {

    private static final Path HOME = Path.of("/sandbox/home");
    private static final String KEY = "sk-planted";
    private static final Map<String, String> HOST =
            Map.of("OPENAI_API_KEY", KEY, "DATABASE_PASSWORD", "hunter2");
    private static final String LAYER = "codex/errand.config.toml";

    private static AgentLaunch launch(ProfileOptions options, AgentRun run) {
        return new CodexProfile(options).launch(run, HOST, HOME);
    }

    private static AgentLaunch launch(AgentRun run) {
        return launch(ProfileOptions.DEFAULT, run);
    }

    @Test
    void a_run_that_asks_for_nothing_may_write_its_workspace() {
        assertThat(launch(Samples.PLAIN).command())
                .containsExactly(
                        "codex",
                        "exec",
                        "--json",
                        "--skip-git-repo-check",
                        "--profile",
                        "errand",
                        "--sandbox",
                        "workspace-write",
                        "-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "low", "medium", "high", "xhigh", "max"})
    void an_effort_is_passed_on(String effort) {
        AgentLaunch launch = launch(Samples.withEffort(effort));
        assertThat(launch.command())
                .containsSequence("--config", "model_reasoning_effort=\"" + effort + "\"");
        assertThat(launch.notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ultracode", "off", "\"\nmodel=\"x"})
    void an_effort_without_an_equivalent_is_named_and_left_out(String effort) {
        AgentLaunch launch = launch(Samples.withEffort(effort));
        assertThat(launch.command()).doesNotContain("--config");
        assertThat(launch.notes()).singleElement().asString().contains(effort);
    }

    @ParameterizedTest
    @CsvSource({
        "default,           workspace-write",
        "acceptEdits,       workspace-write",
        "plan,              read-only",
        "bypassPermissions, danger-full-access",
        "auto,              workspace-write",
        "read-only,         read-only",
        "full-access,       danger-full-access"
    })
    void each_permission_mode_has_an_equivalent(String wire, String expected) {
        PermissionMode mode = PermissionMode.fromWire(wire).orElseThrow();
        assertThat(launch(Samples.withMode(mode)).command())
                .containsSequence("--sandbox", expected);
    }

    @Test
    void every_permission_mode_is_in_the_table() {
        assertThat(CodexProfile.SANDBOX_MODES).containsOnlyKeys(PermissionMode.values());
    }

    @Test
    void a_model_cannot_become_another_option() {
        assertThat(launch(Samples.withModel("--oss")).command()).contains("--model=--oss");
    }

    @Test
    void a_schema_is_a_file() {
        AgentLaunch launch = launch(Samples.withSchema("{\"type\":\"object\"}"));
        assertThat(launch.command())
                .containsSequence("--output-schema", "/sandbox/home/output-schema.json");
        assertThat(Samples.files(launch))
                .containsEntry("output-schema.json", "{\"type\":\"object\"}");
    }

    @Test
    void a_budget_has_no_equivalent() {
        ProfileOptions options = ProfileOptions.DEFAULT.withMaxBudgetUsd(new BigDecimal("2.50"));
        assertThat(launch(options, Samples.PLAIN).notes())
                .containsExactly("Codex has no budget; it is not limited to 2.50 US dollars.");
    }

    @Test
    void a_resumed_conversation_is_named_by_its_id_and_given_as_a_file() {
        AgentLaunch launch = launch(Samples.resuming("abc-1"));
        Path file = Path.of("codex/sessions/2000/01/01/rollout-2000-01-01T00-00-00-abc-1.jsonl");
        assertThat(launch.command()).endsWith("resume", "abc-1", "-");
        assertThat(Samples.files(launch)).containsKey(file.toString());
        String pattern = new CodexProfile(ProfileOptions.DEFAULT).sessionFile("abc-1");
        assertThat(file.getFileSystem().getPathMatcher("glob:" + pattern).matches(file)).isTrue();
    }

    @Test
    void addresses_and_mcp_servers_are_in_a_private_file() {
        ProfileOptions options =
                ProfileOptions.DEFAULT.withMcpServers(
                        List.of(
                                new McpServer.Remote(
                                        "docs",
                                        "http",
                                        URI.create("https://docs.example/mcp"),
                                        Map.of("Authorization", Secret.of("Bearer \"planted\""))),
                                new McpServer.Remote(
                                        "old", "sse", URI.create("https://old.example/"), Map.of()),
                                new McpServer.Local(
                                        "files",
                                        List.of("node", "server.mjs"),
                                        Map.of("TOKEN", Secret.of("planted")))));
        AgentLaunch launch =
                new CodexProfile(options)
                        .launch(
                                Samples.PLAIN,
                                Map.of("OPENAI_BASE_URL", "http://gateway/v1"),
                                HOME);
        assertThat(Samples.files(launch).get(LAYER))
                .isEqualTo(
                        """
                        model_provider = "gateway"

                        [model_providers.gateway]
                        name = "gateway"
                        wire_api = "responses"
                        requires_openai_auth = true
                        base_url = "http://gateway/v1"

                        [mcp_servers.docs]
                        url = "https://docs.example/mcp"
                        http_headers = { "Authorization" = "Bearer \\"planted\\"" }

                        [mcp_servers.files]
                        command = "node"
                        args = ["server.mjs", ]
                        env = { "TOKEN" = "planted" }
                        """);
        assertThat(launch.notes()).containsExactly("Codex cannot use MCP server old, of type sse.");
        assertThat(launch.command()).noneMatch(word -> word.contains("planted"));
        assertThat(launch.toString()).doesNotContain("planted");
    }

    @Test
    void a_key_is_in_a_private_file_and_nowhere_else() {
        AgentLaunch launch = launch(Samples.PLAIN);
        assertThat(Samples.files(launch))
                .containsEntry("codex/auth.json", "{\"OPENAI_API_KEY\":\"" + KEY + "\"}")
                .containsEntry(LAYER, "");
        assertThat(launch.command()).noneMatch(word -> word.contains(KEY));
        assertThat(launch.environment()).containsOnlyKeys("CODEX_HOME");
        assertThat(launch.environment().get("CODEX_HOME"))
                .isEqualTo(Secret.of("/sandbox/home/codex"));
        assertThat(launch.toString()).doesNotContain(KEY);
    }

    @Test
    void a_login_replaces_the_keys_of_the_environment(@TempDir Path login) throws Exception {
        Files.writeString(login.resolve("auth.json"), "planted login");
        Files.writeString(login.resolve("config.toml"), "model = \"m\"");
        AgentLaunch launch =
                launch(ProfileOptions.DEFAULT.withLoginDirectory(login), Samples.PLAIN);
        assertThat(Samples.files(launch))
                .containsOnly(
                        Map.entry("codex/auth.json", "planted login"),
                        Map.entry("codex/config.toml", "model = \"m\""),
                        Map.entry(LAYER, ""));
    }

    @Test
    void without_a_credential_it_says_what_to_set(@TempDir Path empty) {
        CodexProfile profile = new CodexProfile(ProfileOptions.DEFAULT);
        assertThat(profile.missingCredential(Map.of()))
                .hasValueSatisfying(text -> assertThat(text).contains("OPENAI_API_KEY"));
        assertThat(profile.missingCredential(HOST)).isEmpty();
        assertThat(profile.missingCredential(Map.of("CODEX_API_KEY", "k"))).isEmpty();
        ProfileOptions login = ProfileOptions.DEFAULT.withLoginDirectory(empty);
        assertThat(new CodexProfile(login).missingCredential(HOST))
                .hasValueSatisfying(text -> assertThat(text).contains(empty.toString()));
    }

    @Test
    void it_knows_the_version_of_its_program_only() {
        CodexProfile profile = new CodexProfile(ProfileOptions.DEFAULT);
        assertThat(profile.version("codex-cli 0.171.0\n")).contains("0.171.0");
        assertThat(profile.version("2.1.332 (Claude Code)\n")).isEmpty();
    }
}
