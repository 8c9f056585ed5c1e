package dev.errand.process;

import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.errand.agents.AgentProfile;
import dev.errand.agents.AgentReadiness;
import dev.errand.agents.ClaudeProfile;
import dev.errand.agents.CodexProfile;
import dev.errand.agents.ProfileOptions;
import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The unchanged programs of the npm registry, against a provider on the loopback address
 * (docs/testing.md#agent-programs). A run clones a repository, changes it by a tool call, and
 * pushes a branch.
 */
@EnabledIfSystemProperty(
        named = "errand.agents",
        matches = ".+",
        disabledReason = "needs the agent programs: -Derrand.agents=DIRECTORY")
class RealAgentProgramsTest extends AbstractLauncherTest {

    private static final String KEY = "planted-key-of-the-operator";
    private static final String BRANCH = "errand/fence";

    enum Program {
        CLAUDE("@anthropic-ai/claude-agent-sdk-linux-x64/claude"),
        CODEX("@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex");

        private final String path;

        Program(String path) {
            this.path = path;
        }

        AgentProfile profile() {
            String file = Path.of(System.getProperty("errand.agents"), path).toString();
            ProfileOptions options = ProfileOptions.DEFAULT.withProgram(file);
            return this == CLAUDE ? new ClaudeProfile(options) : new CodexProfile(options);
        }

        String mode() {
            return this == CLAUDE ? "bypassPermissions" : "full-access";
        }

        Map<String, String> host(ModelGateway gateway) {
            return Map.of(
                    "PATH",
                    System.getenv("PATH"),
                    "ANTHROPIC_API_KEY",
                    KEY,
                    "ANTHROPIC_BASE_URL",
                    gateway.url(),
                    "CLAUDE_CODE_MAX_RETRIES",
                    "1",
                    "OPENAI_API_KEY",
                    KEY,
                    "OPENAI_BASE_URL",
                    gateway.url() + "/v1");
        }
    }

    private Path remote;

    @BeforeEach
    void createRemote() throws Exception {
        remote = directory.resolve("remote.git");
        git("init", "--quiet", "--bare", "--initial-branch=main", remote.toString());
        Path first = directory.resolve("first");
        git("clone", "--quiet", remote.toString(), first.toString());
        git(
                "-C",
                first.toString(),
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.com",
                "commit",
                "--quiet",
                "--allow-empty",
                "--message=start");
        git("-C", first.toString(), "push", "--quiet", "origin", "HEAD:main");
    }

    private static String git(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("git"));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private ModelGateway gateway() throws IOException {
        return new ModelGateway(
                "git clone -q '"
                        + remote
                        + "' fence && cd fence && echo fixed > fence.txt"
                        + " && git add fence.txt"
                        + " && git -c user.name=a -c user.email=a@example.com commit -qm 'Fix'"
                        + " && git push -q origin HEAD:"
                        + BRANCH);
    }

    private ProcessLauncher launcher(Program program, ModelGateway gateway) {
        return open(
                ProcessLauncher.builder(workDirectory(), program.profile())
                        .closeAction(CloseAction.STOP)
                        .host(program.host(gateway)));
    }

    private static String model(Program program) {
        return program == Program.CLAUDE ? "claude-sonnet-4-6" : "gpt-5.5";
    }

    private static LaunchRequest request(Program program) {
        return aRequest()
                .withState(
                        "{\"model\":\"%s\",\"reasoning_effort\":\"low\",\"initial_permission_mode\":\"%s\"}"
                                .formatted(model(program), program.mode()))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void theProgramIsReady(Program program) throws Exception {
        try (ModelGateway gateway = gateway()) {
            assertThat(AgentReadiness.check(program.profile(), program.host(gateway)))
                    .isInstanceOf(AgentReadiness.Ready.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunChangesARepositoryAndReportsItsResult(Program program) throws Exception {
        try (ModelGateway gateway = gateway()) {
            SandboxExit exit = runToEnd(launcher(program, gateway), request(program));

            assertThat(exit.report().failure()).isEmpty();
            assertThat(exit.exitCode()).isZero();
            assertThat(exit.output().orElseThrow()).contains(ModelGateway.FINAL_MESSAGE);
            assertThat(exit.report().sessionId()).isPresent();
            assertThat(exit.report().tokenUsage().orElseThrow().text())
                    .contains("\"output_tokens\":14");
            assertThat(git("--git-dir=" + remote, "show", BRANCH + ":fence.txt"))
                    .isEqualTo("fixed\n");
            assertThat(recorder.entries())
                    .extracting(JsonText::text)
                    .anyMatch(entry -> entry.contains("\"sessionUpdate\":\"tool_call\""))
                    .anyMatch(entry -> entry.contains("\"sessionUpdate\":\"tool_call_update\""))
                    .anyMatch(entry -> entry.contains("\"sessionUpdate\":\"agent_message\""))
                    .anyMatch(entry -> entry.contains("\"sessionUpdate\":\"usage_update\""))
                    .noneMatch(entry -> entry.contains(KEY));
            assertThat(gateway.requests().toString()).contains("\"effort\":\"low\"");
            assertThat(gateway.credentials()).allMatch(value -> value.contains(KEY));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongKeySaysSo(Program program) throws Exception {
        try (ModelGateway gateway = gateway()) {
            gateway.rejectCredentials();

            SandboxExit exit = runToEnd(launcher(program, gateway), request(program));

            assertThat(exit.report().failure().orElseThrow()).startsWith("not authenticated: ");
        }
    }

    /** The second sandbox is another one, and the first is gone. */
    @ParameterizedTest
    @EnumSource
    void aSecondRunContinuesTheConversation(Program program) throws Exception {
        try (ModelGateway gateway = gateway()) {
            ProcessLauncher launcher = launcher(program, gateway);
            LaunchRequest first = request(program);
            AgentReport report = runToEnd(launcher, first).report();
            LaunchRequest second =
                    aRequest()
                            .withState(first.run().state().text())
                            .withPrompt("Paint the fence green.")
                            .resuming(report)
                            .build();
            launcher.discard(LaunchRequests.PROJECT, first.sandbox());
            int before = gateway.requests().size();

            SandboxExit exit = runNext(launcher, second);

            assertThat(exit.report().failure()).isEmpty();
            assertThat(exit.report().sessionId()).isEqualTo(report.sessionId());
            assertThat(gateway.requests().get(before).toString())
                    .contains("Paint the fence green.", first.prompt(), ModelGateway.FINAL_MESSAGE);
            assertThat(exit.report().conversation()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLimitIsReportedWithItsEnd(Program program) throws Exception {
        try (ModelGateway gateway = gateway()) {
            Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(7200);
            gateway.limitUntil(end);
            // Claude Code knows the end of a limit only for subscriptions.
            Map<String, String> host = new HashMap<>(program.host(gateway));
            host.remove("ANTHROPIC_API_KEY");
            host.put("CLAUDE_CODE_OAUTH_TOKEN", KEY);
            ProcessLauncher launcher =
                    open(
                            ProcessLauncher.builder(workDirectory(), program.profile())
                                    .closeAction(CloseAction.STOP)
                                    .host(host));

            AgentReport report = runToEnd(launcher, request(program)).report();

            assertThat(report.failure().orElseThrow()).startsWith("provider limit: ");
            assertThat(report.retryAt().orElseThrow())
                    .isBetween(end.minusSeconds(1), end.plusSeconds(60));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSchemaAndThePermissionModeReachTheProgram(Program program) throws Exception {
        String schema =
                """
                {"type":"object","properties":{"fixed":{"type":"boolean"}},"required":["fixed"],
                 "additionalProperties":false}""";
        try (ModelGateway gateway = gateway()) {
            gateway.endWith("{\"fixed\":true}");
            LaunchRequest request =
                    aRequest()
                            .withState(
                                    "{\"model\":\"%s\",\"initial_permission_mode\":\"plan\"}"
                                            .formatted(model(program)))
                            .withSchema(schema)
                            .build();

            SandboxExit exit = runToEnd(launcher(program, gateway), request);

            assertThat(gateway.requests().toString()).contains("\"fixed\"");
            String sent = gateway.requests().get(0).toString();
            assertThat(sent)
                    .containsPattern(program == Program.CLAUDE ? "(?i)plan mode" : "read-only");
            if (program == Program.CODEX) {
                assertThat(exit.output()).contains("{\"fixed\":true}");
            }
        }
    }

    private SandboxExit runNext(ProcessLauncher launcher, LaunchRequest request) {
        launcher.launch(LaunchRequests.PROJECT, request, recorder);
        await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> state(launcher, request.sandbox()),
                        SandboxState.Exited.class::isInstance);
        return exit(launcher, request.sandbox());
    }
}
