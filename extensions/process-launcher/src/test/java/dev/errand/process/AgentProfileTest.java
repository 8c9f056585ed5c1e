package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.errand.agents.AgentProfile;
import dev.errand.agents.ClaudeProfile;
import dev.errand.agents.CodexProfile;
import dev.errand.agents.ProfileOptions;
import dev.errand.spi.JsonText;
import dev.errand.spi.PortException;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Programs with a profile, played by shell scripts that print what the real ones print. */
class AgentProfileTest extends AbstractLauncherTest {

    private static final String KEY = "planted-key-of-the-operator";
    private static final Map<String, String> HOST =
            Map.of("ANTHROPIC_API_KEY", KEY, "OPENAI_API_KEY", KEY);

    private static final String CLAUDE_WORKS =
            """
            echo '{"type":"system","subtype":"init","session_id":"s-1"}'
            echo '{"type":"assistant","message":{"content":[{"type":"text","text":"Working."}]}}'
            """;
    private static final String CLAUDE_ENDS =
            """
            echo '{"type":"result","is_error":false,"session_id":"s-1","result":"Done, see \
            https://github.com/a/b/pull/7","usage":{"input_tokens":3,"output_tokens":4}}'
            """;
    private static final String CLAUDE_OUTPUT =
            "{\"final_message\":\"Done, see https://github.com/a/b/pull/7\","
                    + "\"pr_url\":\"https://github.com/a/b/pull/7\"}";

    private ClaudeProfile claude(String script) {
        return new ClaudeProfile(ProfileOptions.DEFAULT.withProgram(program("claude", script)));
    }

    private CodexProfile codex(String script) {
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

    private ProcessLauncherBuilder builder(AgentProfile profile) {
        return ProcessLauncher.builder(workDirectory(), profile)
                .grace(SHORT_GRACE)
                .closeAction(CloseAction.STOP)
                .host(HOST);
    }

    private String workspaceFile(LaunchRequest request, String name) throws IOException {
        return Files.readString(files(request.sandbox()).workspace().resolve(name));
    }

    private List<String> kinds() {
        return recorder.entries().stream()
                .map(JsonText::text)
                .map(text -> text.replaceAll(".*\"(sessionUpdate|method)\":\"([^\"]*)\".*", "$2"))
                .toList();
    }

    @Test
    void theProgramGetsThePromptAndTheChoicesOfTheRun() throws Exception {
        ProcessLauncher launcher =
                open(builder(claude("cat > prompt; echo \"$*\" > words" + "\n" + CLAUDE_ENDS)));
        LaunchRequest request =
                aRequest()
                        .withPrompt("Fix it")
                        .withState("{\"model\":\"m-1\",\"reasoning_effort\":\"high\"}")
                        .build();

        runToEnd(launcher, request);

        assertThat(workspaceFile(request, "prompt")).isEqualTo("Fix it");
        assertThat(workspaceFile(request, "words")).contains("--model=m-1", "--effort high");
    }

    @Test
    void outputBecomesLogEntriesAndTheResultIsReported() throws Exception {
        ProcessLauncher launcher = open(builder(claude(CLAUDE_WORKS + CLAUDE_ENDS)));

        SandboxExit exit = runToEnd(launcher, aRequest().build());

        assertThat(kinds())
                .containsExactly("_posthog/sdk_session", "agent_message", "usage_update");
        assertThat(recorder.output()).isEmpty();
        assertThat(exit.output()).contains(CLAUDE_OUTPUT);
        assertThat(exit.report().sessionId()).contains("s-1");
        assertThat(exit.report().tokenUsage().orElseThrow().text())
                .contains("\"input_tokens\":3", "\"output_tokens\":4", "\"turns\":1");
        assertThat(exit.report().failure()).isEmpty();
    }

    @Test
    void theFinalMessageIsNotTheOutputOfATaskWithASchema() throws Exception {
        ProcessLauncher launcher = open(builder(claude(CLAUDE_ENDS)));

        SandboxExit exit =
                runToEnd(launcher, aRequest().withSchema("{\"type\":\"object\"}").build());

        assertThat(exit.output()).isEmpty();
    }

    @Test
    void theStructuredOutputIsTheOutput() throws Exception {
        String ends =
                "echo '{\"type\":\"result\",\"is_error\":false,\"structured_output\":{\"a\":1}}'";
        ProcessLauncher launcher = open(builder(claude(ends)));

        SandboxExit exit =
                runToEnd(launcher, aRequest().withSchema("{\"type\":\"object\"}").build());

        assertThat(exit.output()).contains("{\"a\":1}");
    }

    @Test
    void aFailureIsReportedByItsKind() throws Exception {
        String fails =
                """
                echo '{"type":"assistant","error":"authentication_failed","message":{"content":[]}}'
                echo '{"type":"result","is_error":true,"result":"Not logged in"}'
                exit 1
                """;
        ProcessLauncher launcher = open(builder(claude(fails)));

        SandboxExit exit = runToEnd(launcher, aRequest().build());

        assertThat(exit.report().failure()).contains("not authenticated: Not logged in");
    }

    @Test
    void aKeyIsInAPrivateFileUntilTheProgramEnds() throws Exception {
        String looksForIt =
                """
                key=$(echo "$CLAUDE_CONFIG_DIR" | sed 's/claude$/api-key/')
                stat -c %a "$key" > mode 2> /dev/null || stat -f %Lp "$key" > mode
                cat "$key" > copy
                env > variables
                ps -ww -o args= -p $$ > arguments
                """;
        ProcessLauncher launcher = open(builder(claude(looksForIt + CLAUDE_ENDS)));
        LaunchRequest request = aRequest().build();

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(workspaceFile(request, "copy")).isEqualTo(KEY);
        assertThat(workspaceFile(request, "mode").strip()).isEqualTo("600");
        assertThat(workspaceFile(request, "variables")).doesNotContain(KEY);
        assertThat(workspaceFile(request, "arguments")).contains("--print").doesNotContain(KEY);
        assertThat(files(request.sandbox()).program()).doesNotExist();
        assertThat(exit.toString() + recorder.entries() + recorder.error()).doesNotContain(KEY);
    }

    @Test
    void theAdapterOfARunChoosesItsProgram() throws Exception {
        String codexEnds =
                """
                echo '{"type":"item.completed","item":{"type":"agent_message","text":"I am Codex"}}'
                echo '{"type":"turn.completed","usage":{}}'
                """;
        ProcessLauncher launcher = open(builder(claude(CLAUDE_ENDS)).profile(codex(codexEnds)));

        SandboxExit exit =
                runToEnd(launcher, aRequest().withState("{\"runtime_adapter\":\"codex\"}").build());

        assertThat(exit.output()).contains("{\"final_message\":\"I am Codex\"}");
    }

    @Test
    void anAdapterWithoutAProgramIsRefusedForGood() {
        ProcessLauncher launcher = open(builder(claude(CLAUDE_ENDS)));
        LaunchRequest request = aRequest().withState("{\"runtime_adapter\":\"codex\"}").build();

        assertThatThrownBy(() -> launcher.launch(PROJECT, request, recorder))
                .isInstanceOfSatisfying(
                        PortException.class, refused -> assertThat(refused.isRetryable()).isFalse())
                .hasMessageContaining("no agent for runtime_adapter 'codex', only for claude");
        assertThat(files(request.sandbox()).root()).doesNotExist();
    }

    @Test
    void aCommandWithoutProfilesCarriesOutEveryRun() throws Exception {
        ProcessLauncher launcher = launcher("echo hello");

        SandboxExit exit =
                runToEnd(launcher, aRequest().withState("{\"runtime_adapter\":\"codex\"}").build());

        assertThat(recorder.output()).containsExactly("hello");
        assertThat(exit.report()).isEqualTo(AgentReport.NONE);
    }

    @Test
    void whatTheProgramCannotDoIsPartOfTheLog() throws Exception {
        ProcessLauncher launcher = open(builder(claude(CLAUDE_ENDS)));

        runToEnd(launcher, aRequest().withState("{\"reasoning_effort\":\"telepathic\"}").build());

        assertThat(recorder.entries())
                .anyMatch(entry -> entry.text().contains("no reasoning effort telepathic"));
    }

    @Test
    void aResultOfTenMegabytesOnOneLineIsOneEvent() throws Exception {
        String prints =
                """
                printf '%s' '{"type":"user","message":{"content":[{"type":"tool_result","content":"'
                head -c 10485760 /dev/zero | tr '\\0' x
                echo '"}]}}'
                """;
        ProcessLauncher launcher = open(builder(claude(prints + CLAUDE_ENDS)));

        LaunchRequest request = aRequest().build();
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitEnd();
        await().until(() -> state(launcher, request.sandbox()) instanceof SandboxState.Exited);
        SandboxExit exit = exit(launcher, request.sandbox());

        assertThat(kinds()).containsExactly("tool_call_update", "usage_update");
        assertThat(exit.output()).contains(CLAUDE_OUTPUT);
    }

    @Test
    void anEventThatIsPrintedInPartsIsNotForwardedInParts() throws Exception {
        String slowly =
                """
                printf '%s' '{"type":"assistant","message":{"content":[{"type":"text",'
                until [ -e go ]; do :; done
                echo '"text":"Working."}]}}'
                """;
        ProcessLauncher launcher = open(builder(claude(slowly + CLAUDE_ENDS)));
        LaunchRequest request = aRequest().build();
        launcher.launch(PROJECT, request, recorder);
        SandboxDirectory files = files(request.sandbox());
        await().until(() -> Files.size(files.standardOutput()) > 0);
        Files.createFile(files.workspace().resolve("go"));
        recorder.awaitEnd();

        assertThat(kinds()).containsExactly("agent_message", "usage_update");
    }

    @Test
    void entriesThatTheListenerRejectsAreDeliveredAgainOnce() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        RecordingListener throwing =
                new RecordingListener() {
                    @Override
                    public synchronized void onLogEntries(
                            SandboxId sandbox, List<JsonText> entries) {
                        if (calls.incrementAndGet() % 3 != 0) {
                            throw new IllegalStateException("the store is down");
                        }
                        super.onLogEntries(sandbox, entries);
                    }
                };
        ProcessLauncher launcher = open(builder(claude(CLAUDE_WORKS + CLAUDE_ENDS)));
        launcher.launch(PROJECT, aRequest().build(), throwing);
        throwing.awaitEnd();

        assertThat(throwing.entries()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void theNextLauncherReadsTheResultFromTheBeginning() throws Exception {
        String script = CLAUDE_WORKS + "until [ -e go ]; do sleep 0.05; done\n" + CLAUDE_ENDS;
        AgentProfile profile = claude(script);
        LaunchRequest request = aRequest().build();
        ProcessLauncher first = open(builder(profile).closeAction(CloseAction.LEAVE_RUNNING));
        first.launch(PROJECT, request, recorder);
        await().until(() -> recorder.entries().size() == 2);
        first.close();

        ProcessLauncher second = open(builder(profile));
        second.inspect(PROJECT, request.sandbox(), recorder);
        Files.createFile(files(request.sandbox()).workspace().resolve("go"));
        recorder.awaitEnd();

        SandboxExit exit = exit(second, request.sandbox());
        assertThat(exit.output()).contains(CLAUDE_OUTPUT);
        assertThat(exit.report().sessionId()).isEqualTo(Optional.of("s-1"));
        assertThat(kinds())
                .containsExactly("_posthog/sdk_session", "agent_message", "usage_update");
    }
}
