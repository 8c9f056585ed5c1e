package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.errand.agents.AgentProfile;
import dev.errand.agents.ClaudeProfile;
import dev.errand.agents.CodexProfile;
import dev.errand.agents.ProfileOptions;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Conversations that outlive their sandbox (docs/launcher-guide.md#agent-profiles), with programs
 * played by shell scripts.
 */
class SessionFilesTest extends AbstractLauncherTest {

    private static final String CLAUDE_FILE = "$CLAUDE_CONFIG_DIR/projects/-work/s-1.jsonl";

    /** Prints its arguments, and adds a line to its conversation. */
    private static final String CLAUDE =
            """
            for word; do last=$word; [ "$before" = --resume ] && file=$word; before=$word; done
            file=${file:-%s}
            mkdir -p "$(dirname "$file")"
            cat "$file" > seen 2> /dev/null
            echo "turn" >> "$file"
            echo '{"type":"result","is_error":false,"session_id":"s-1","result":"Done"}'
            """
                    .formatted(CLAUDE_FILE);

    private static final String CODEX =
            """
            cat "$CODEX_HOME"/sessions/*/*/*/rollout-*-s-1.jsonl > seen 2> /dev/null
            mkdir -p "$CODEX_HOME/sessions/2026/12/01"
            echo "turn" >> "$CODEX_HOME/sessions/2026/12/01/rollout-now-s-1.jsonl"
            echo '{"type":"thread.started","thread_id":"s-1"}'
            echo '{"type":"turn.completed","usage":{"input_tokens":30,"cached_input_tokens":0,\
            "output_tokens":5}}'
            """;

    @Test
    void claudeContinuesItsConversationInAnotherSandbox() throws Exception {
        ProcessLauncher launcher = launcher(claude(CLAUDE));
        AgentReport first = end(launcher, aRequest().build());
        assertThat(content(first)).isEqualTo("turn\n");

        SandboxExit second = runNext(launcher, aRequest().resuming(first).build());

        assertThat(content(second.report())).isEqualTo("turn\nturn\n");
    }

    @Test
    void codexContinuesItsConversationAndCountsOnlyNewTokens() throws Exception {
        ProcessLauncher launcher = launcher(codex(CODEX));
        AgentReport first = end(launcher, aRequest().build());
        assertThat(content(first)).isEqualTo("turn\n");
        assertThat(first.tokenUsage().orElseThrow().text()).contains("\"input_tokens\":30");

        SandboxExit second = runNext(launcher, aRequest().resuming(first).build());

        assertThat(second.report().tokenUsage().orElseThrow().text())
                .as("the program counts the whole conversation")
                .contains("\"input_tokens\":0");
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws Exception {
        Path secret = directory.resolve("secret");
        Files.writeString(secret, "of the host");
        String links =
                "mkdir -p \"$CLAUDE_CONFIG_DIR/projects/a\"; ln -s '"
                        + secret
                        + "' \"$CLAUDE_CONFIG_DIR/projects/a/s-1.jsonl\"\n"
                        + "echo '{\"type\":\"result\",\"session_id\":\"s-1\",\"result\":\"a\"}'\n";

        AgentReport report = runToEnd(launcher(claude(links)), aRequest().build()).report();

        assertThat(report.sessionId()).contains("s-1");
        assertThat(report.conversation()).isEmpty();
    }

    /** The id becomes part of a pattern. */
    @Test
    void aSessionIdThatIsAPatternMatchesNothing() throws Exception {
        String wild = CLAUDE.replace("\"session_id\":\"s-1\"", "\"session_id\":\"*\"");

        assertThat(runToEnd(launcher(claude(wild)), aRequest().build()).report().conversation())
                .isEmpty();
    }

    @Test
    void aConversationThatIsTooLargeIsLeftOutWithANote() throws Exception {
        String large = CLAUDE.replace("echo \"turn\" >>", "head -c 10485761 /dev/zero >>");

        SandboxExit exit = runToEnd(launcher(claude(large)), aRequest().build());

        assertThat(exit.report().conversation()).isEmpty();
        assertThat(exit.notes())
                .containsExactly(
                        "the conversation is larger than 10485760 bytes, so that it cannot be"
                                + " resumed");
    }

    @Test
    void aLimitIsReportedWithTheTimeOfItsEnd() throws Exception {
        Instant end = Instant.now().plusSeconds(3600);
        String limited =
                """
                echo '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":%d}}'
                echo '{"type":"assistant","error":"rate_limit","message":{"content":[]}}'
                echo '{"type":"result","is_error":true,"session_id":"s-1","result":"Limit reached"}'
                exit 1
                """
                        .formatted(end.getEpochSecond());

        AgentReport report = runToEnd(launcher(claude(limited)), aRequest().build()).report();

        assertThat(report.retryAt()).contains(Instant.ofEpochSecond(end.getEpochSecond()));
        assertThat(report.failure().orElseThrow()).startsWith("provider limit: Limit reached");
    }

    private AgentProfile claude(String script) {
        return new ClaudeProfile(ProfileOptions.DEFAULT.withProgram(program("claude", script)));
    }

    private AgentProfile codex(String script) {
        return new CodexProfile(ProfileOptions.DEFAULT.withProgram(program("codex", script)));
    }

    private String program(String name, String script) {
        try {
            Path file = directory.resolve(name);
            Files.writeString(file, "#!/bin/sh\n" + script);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            return file.toString();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private ProcessLauncher launcher(AgentProfile profile) {
        return open(
                ProcessLauncher.builder(workDirectory(), profile)
                        .grace(SHORT_GRACE)
                        .closeAction(CloseAction.STOP)
                        .host(Map.of("ANTHROPIC_API_KEY", "k", "OPENAI_API_KEY", "k")));
    }

    /** Executes a run after another one, whose end the recorder has seen. */
    private SandboxExit runNext(ProcessLauncher launcher, LaunchRequest request) {
        launcher.launch(PROJECT, request, recorder);
        await().until(
                        () -> state(launcher, request.sandbox()),
                        SandboxState.Exited.class::isInstance);
        return exit(launcher, request.sandbox());
    }

    /** Executes a run and reads its conversation before its sandbox is discarded. */
    private AgentReport end(ProcessLauncher launcher, LaunchRequest request) throws Exception {
        AgentReport report = runToEnd(launcher, request).report();
        byte[] content = content(report).getBytes(StandardCharsets.UTF_8);
        launcher.discard(PROJECT, request.sandbox());
        return new AgentReport(
                report.tokenUsage(),
                report.sessionId(),
                report.failure(),
                Optional.empty(),
                Optional.of(
                        new AgentReport.ConversationFile(
                                content.length, () -> new ByteArrayInputStream(content))));
    }

    private static String content(AgentReport report) throws IOException {
        try (InputStream in = report.conversation().orElseThrow().content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
