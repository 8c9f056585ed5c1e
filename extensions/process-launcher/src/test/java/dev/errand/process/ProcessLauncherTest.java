package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A sandbox from launch to discard. */
class ProcessLauncherTest extends AbstractLauncherTest {

    @Test
    void forwardsOutputAndCollectsResults() throws Exception {
        ProcessLauncher launcher =
                launcher(
                        """
                        echo "prompt: $(cat)"
                        echo "from file: $(cat "$ERRAND_PROMPT_FILE")"
                        echo "attachment: $(cat "$ERRAND_ATTACHMENTS_DIR/plan.txt")"
                        echo "schema: $(cat "$ERRAND_JSON_SCHEMA_FILE")"
                        echo careful >&2
                        echo '{"mended": true}' > "$ERRAND_OUTPUT_FILE"
                        echo planks > "$ERRAND_ARTIFACTS_DIR/list.txt"
                        printf 'no end'
                        """);
        LaunchRequest request =
                aRequest()
                        .withPrompt("Mend the “fence”.")
                        .withAttachment("plan.txt", "north side")
                        .withSchema("{\"type\":\"object\"}")
                        .build();

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(recorder.output())
                .containsExactly(
                        "prompt: Mend the “fence”.",
                        "from file: Mend the “fence”.",
                        "attachment: north side",
                        "schema: {\"type\":\"object\"}",
                        "no end");
        assertThat(recorder.error()).containsExactly("careful");
        assertThat(recorder.hasPrintedAfterEnd()).isFalse();
        assertThat(exit.exitCode()).isZero();
        assertThat(exit.stopReason()).isEmpty();
        assertThat(exit.problem()).isEmpty();
        assertThat(exit.output()).hasValue("{\"mended\": true}\n");
        assertThat(exit.artifacts())
                .singleElement()
                .satisfies(
                        artifact -> {
                            assertThat(artifact.name()).isEqualTo("list.txt");
                            assertThat(artifact.sizeInBytes()).isEqualTo(7);
                            assertThat(artifact.contentType()).isEqualTo("text/plain");
                            assertThat(artifact.content().open()).hasContent("planks\n");
                        });
    }

    @Test
    void failedAgentReportsItsExitCodeAndLastLines() throws Exception {
        ProcessLauncher launcher =
                open(builder("seq 1 100; echo out of nails >&2; exit 3").lastLines(4));

        SandboxExit exit = runToEnd(launcher, aRequest().build());

        assertThat(exit.exitCode()).isEqualTo(3);
        assertThat(exit.lastLines()).containsExactly("98", "99", "100", "out of nails");
        assertThat(exit.output()).isEmpty();
        assertThat(exit.artifacts()).isEmpty();
    }

    @Test
    void anAgentThatIsEndedByASignalEndsWith128AndItsNumber() throws Exception {
        SandboxExit exit = runToEnd(launcher("kill -SEGV $$"), aRequest().build());

        assertThat(exit.exitCode()).isEqualTo(128 + 11);
        assertThat(exit.stopReason()).isEmpty();
    }

    @Test
    void agentThatSignalsItsProcessGroupEndsByThatSignal() throws Exception {
        SandboxExit exit = runToEnd(launcher("kill -TERM 0; sleep 60"), aRequest().build());

        assertThat(exit.exitCode()).isEqualTo(128 + 15);
    }

    @Test
    void launchingTheSameIdTwiceStartsOneSandbox() throws Exception {
        ProcessLauncher launcher = launcher("echo started >> \"$HOME/../starts\"; sleep 0.3");
        LaunchRequest request = aRequest().build();
        CyclicBarrier together = new CyclicBarrier(4);
        Callable<String> launch =
                () -> {
                    together.await();
                    return launcher.launch(PROJECT, request, recorder);
                };

        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<String>> handles = threads.invokeAll(List.of(launch, launch, launch, launch));
        threads.shutdown();
        recorder.awaitEnd();
        launcher.launch(PROJECT, request, recorder);

        String where = files(request.sandbox()).root().toString();
        for (Future<String> handle : handles) {
            assertThat(handle.get()).isEqualTo(where);
        }
        assertThat(files(request.sandbox()).agent().resolve("starts")).hasContent("started");
    }

    @Test
    void eachAttemptIsASeparateSandbox() throws Exception {
        ProcessLauncher launcher = launcher("echo attempt $ERRAND_ATTEMPT");
        LaunchRequest first = aRequest().build();
        LaunchRequest second = attempt(first, 2);
        runToEnd(launcher, first);
        RecordingListener other = new RecordingListener();

        launcher.launch(PROJECT, second, other);
        other.awaitEnd();

        assertThat(other.output()).containsExactly("attempt 2");
        assertThat(exit(launcher, first.sandbox()).exitCode()).isZero();
    }

    @Test
    void workingAgentIsReportedAsRunning() throws Exception {
        ProcessLauncher launcher = launcher("echo at work; sleep 60");
        LaunchRequest request = aRequest().build();

        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("at work");

        assertThat(state(launcher, request.sandbox())).isInstanceOf(SandboxState.Running.class);
        assertThat(recorder.hasEnded()).isFalse();
    }

    @Test
    void unknownSandboxIsGone() {
        ProcessLauncher launcher = launcher("true");
        SandboxId unknown = aRequest().build().sandbox();

        launcher.stop(PROJECT, unknown, StopReason.CANCELLED, NO_GRACE);
        launcher.discard(PROJECT, unknown);

        assertThat(state(launcher, unknown)).isInstanceOf(SandboxState.Gone.class);
    }

    @Test
    void discardDeletesTheSandboxAndItsEmptyParents() throws Exception {
        ProcessLauncher launcher =
                launcher("mkdir -p a/b; echo x > a/b/c; ln -s / link; chmod 000 a/b a");
        LaunchRequest request = aRequest().build();
        runToEnd(launcher, request);

        launcher.discard(PROJECT, request.sandbox());
        launcher.discard(PROJECT, request.sandbox());

        assertThat(state(launcher, request.sandbox())).isInstanceOf(SandboxState.Gone.class);
        assertThat(projectDirectories()).isEmpty();
    }

    @Test
    void directoryOfAFailedSandboxIsKept() throws Exception {
        ProcessLauncher launcher = launcher("echo clue > clue; exit 1");
        LaunchRequest request = aRequest().build();
        runToEnd(launcher, request);

        launcher.discard(PROJECT, request.sandbox());

        Path kept = files(request.sandbox()).root().resolveSibling("attempt_1.kept");
        assertThat(kept.resolve("agent/workspace/clue")).hasContent("clue");
        assertThat(kept.resolve("agent/api.token")).doesNotExist();
        assertThat(state(launcher, request.sandbox())).isInstanceOf(SandboxState.Gone.class);
    }

    @Test
    void cleanupPolicyDecidesWhatIsKept() throws Exception {
        assertThat(keptAfter(CleanupPolicy.KEEP_ALL, "exit 0")).isTrue();
        assertThat(keptAfter(CleanupPolicy.KEEP_FAILED, "exit 0")).isFalse();
        assertThat(keptAfter(CleanupPolicy.DELETE, "exit 1")).isFalse();
    }

    @Test
    void runningSandboxCannotBeDiscarded() throws Exception {
        ProcessLauncher launcher = launcher("echo up; sleep 60");
        LaunchRequest request = aRequest().build();
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");

        assertThatIllegalStateException()
                .isThrownBy(() -> launcher.discard(PROJECT, request.sandbox()))
                .withMessageContaining("stop it first");
    }

    @Test
    void missingProgramFailsAndLeavesNothing() {
        ProcessLauncher launcher =
                open(
                        ProcessLauncher.builder(
                                workDirectory(), AgentCommand.parse("no-such-agent --quiet")));

        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> launcher.launch(PROJECT, aRequest().build(), recorder))
                .withMessageContaining("no-such-agent")
                .satisfies(failure -> assertThat(failure.isRetryable()).isFalse());
        assertThat(projectDirectories()).isEmpty();
    }

    @Test
    void unreadableAttachmentFailsAndLeavesNothing() {
        ProcessLauncher launcher = launcher("true");
        LaunchRequest request =
                aRequest()
                        .withAttachment(
                                "plan.txt",
                                () -> {
                                    throw new IOException("object store is down");
                                })
                        .build();

        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> launcher.launch(PROJECT, request, recorder))
                .satisfies(failure -> assertThat(failure.isRetryable()).isTrue());
        assertThat(projectDirectories()).isEmpty();
    }

    @Test
    void failedCleanUpDoesNotHideTheFailureOfALaunch() {
        ProcessLauncher launcher = launcher("true");
        LaunchRequest request = aRequest().build();
        Path root = files(request.sandbox()).root();
        LaunchRequest failing =
                aRequest()
                        .of(request.sandbox())
                        .withAttachment(
                                "plan.txt",
                                () -> {
                                    deleteTree(root);
                                    throw new IOException("object store is down");
                                })
                        .build();

        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> launcher.launch(PROJECT, failing, recorder))
                .havingCause()
                .withMessage("object store is down")
                .satisfies(
                        cause ->
                                assertThat(cause.getSuppressed())
                                        .singleElement()
                                        .isInstanceOf(NoSuchFileException.class));
    }

    @Test
    void sandboxOfAnotherProjectIsRejected() {
        ProcessLauncher launcher = launcher("true");
        LaunchRequest request = aRequest().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> launcher.launch(ProjectId.of(8), request, recorder));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> launcher.inspect(ProjectId.of(8), request.sandbox(), recorder));
    }

    private boolean keptAfter(CleanupPolicy cleanupPolicy, String script) throws Exception {
        LaunchRequest request = aRequest().build();
        RecordingListener listener = new RecordingListener();
        try (ProcessLauncher launcher = builder(script).cleanupPolicy(cleanupPolicy).build()) {
            launcher.launch(PROJECT, request, listener);
            listener.awaitEnd();
            launcher.discard(PROJECT, request.sandbox());
        }
        return Files.exists(files(request.sandbox()).root().resolveSibling("attempt_1.kept"));
    }

    private List<Path> projectDirectories() {
        try (var entries = Files.list(workDirectory())) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("project_"))
                    .toList();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static LaunchRequest attempt(LaunchRequest first, int attempt) {
        SandboxId id = first.sandbox();
        return new LaunchRequest(
                new SandboxId(id.project(), id.task(), id.run(), attempt),
                first.task(),
                first.run(),
                first.prompt(),
                first.attachments(),
                first.secrets(),
                first.apiUrl(),
                first.apiToken(),
                first.timeLimit());
    }
}
