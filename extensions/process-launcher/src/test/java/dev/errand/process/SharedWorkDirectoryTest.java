package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.PortException;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two hosts share a work directory, and one of them is paused, killed or slow. */
class SharedWorkDirectoryTest extends AbstractLauncherTest {

    private static final String AGENT =
            "(flock 9; echo \"$ERRAND_RUN_ID $ERRAND_ATTEMPT\" >&9) 9>> ../../../starts; echo up;"
                    + " while [ ! -e go ]; do sleep 0.02; done; echo more; exit 5";

    @Test
    void sandboxOfAPausedHostIsNotStartedTwiceAndIsTakenOverWhenTheHostDies() throws Exception {
        try (CrashingHost host = CrashingHost.launching(workDirectory(), AGENT)) {
            LaunchRequest request = host.request();
            host.pause();
            ProcessLauncher other = launcher(AGENT);

            other.launch(PROJECT, request, recorder);
            Files.createFile(files(request.sandbox()).workspace().resolve("go"));
            await().until(() -> processesOf(request.sandbox()) == 0);

            assertThat(state(other, request.sandbox()))
                    .as(
                            "its output is not forwarded completely, and only the other launcher knows the position")
                    .isInstanceOf(SandboxState.Running.class);
            assertThat(recorder.output()).isEmpty();

            host.kill();
            await().until(() -> isExited(other, request.sandbox()));

            assertThat(exit(other, request.sandbox()).exitCode()).isEqualTo(5);
            assertThat(recorder.output()).containsExactly("more");
            assertThat(starts(request)).containsExactly(request.sandbox().run() + " 1");
        }
    }

    @Test
    void resumedHostForwardsTheRemainingOutput() throws Exception {
        try (CrashingHost host = CrashingHost.launching(workDirectory(), AGENT)) {
            SandboxId sandbox = host.request().sandbox();
            host.pause();
            ProcessLauncher other = launcher(AGENT);
            other.launch(PROJECT, host.request(), recorder);
            Files.createFile(files(sandbox).workspace().resolve("go"));

            host.resume();
            await().until(() -> isExited(other, sandbox));

            assertThat(recorder.output()).isEmpty();
            other.discard(PROJECT, sandbox);
            assertThat(files(sandbox).root()).doesNotExist();
            assertThatExceptionOfType(PortException.class)
                    .as("a host that was paused before its launch must not start it again")
                    .isThrownBy(() -> other.launch(PROJECT, host.request(), recorder))
                    .withMessageContaining("was discarded");
            assertThat(state(other, sandbox)).isInstanceOf(SandboxState.Gone.class);
        }
    }

    @Test
    void sandboxOfAnotherHostCanBeStopped() throws Exception {
        try (CrashingHost host = CrashingHost.launching(workDirectory(), AGENT)) {
            SandboxId sandbox = host.request().sandbox();
            ProcessLauncher other = launcher(AGENT);

            other.stop(PROJECT, sandbox, StopReason.CANCELLED, LONG_GRACE);
            await().until(() -> isExited(other, sandbox));

            assertThat(exit(other, sandbox).stopReason()).hasValue(StopReason.CANCELLED);
            assertThat(processesOf(sandbox)).isZero();
        }
    }

    @Test
    void sandboxThatAnotherHostIsStartingIsNotStarted() throws Exception {
        try (CrashingHost host = CrashingHost.locking(workDirectory())) {
            LaunchRequest request = host.request();
            ProcessLauncher other = launcher("echo up");
            SandboxDirectory files = files(request.sandbox());
            PrivateFiles.createDirectories(files.secrets());

            assertThatExceptionOfType(PortException.class)
                    .isThrownBy(() -> other.launch(PROJECT, request, recorder))
                    .withMessageContaining("being started by another launcher")
                    .matches(PortException::isRetryable);
            assertThat(state(other, request.sandbox())).isInstanceOf(SandboxState.Running.class);
            other.discard(PROJECT, request.sandbox());
            assertThat(files.secrets()).isDirectory();
            other.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, NO_GRACE);
            assertThat(new SandboxStateFiles(files).stopReason()).hasValue(StopReason.CANCELLED);

            host.kill();

            assertThat(runToEnd(other, request).exitCode()).isZero();
            assertThat(recorder.output()).containsExactly("up");
        }
    }

    @Test
    void sandboxStoppedBeforeItsAgentStartsNeverStartsIt() throws Exception {
        SandboxDirectory files = files(aRequest().build().sandbox());
        PrivateFiles.createDirectories(files.workspace());
        PrivateFiles.create(files.prompt(), "");
        new SandboxStateFiles(files).createDirectory();
        new SandboxStateFiles(files).stopReason(StopReason.CANCELLED);
        AgentProcessStarter starter = new AgentProcessStarter(ResourceLimits.DEFAULT);

        Process process =
                starter.start(
                        AgentProcessStarter.SHELL,
                        List.of("-c", "touch started"),
                        files,
                        Map.of(),
                        Optional.empty(),
                        Optional.empty());

        assertThat(process.waitFor()).isEqualTo(128 + 15);
        assertThat(new SandboxStateFiles(files).exitCode()).hasValue(128 + 15);
        assertThat(files.workspace()).isEmptyDirectory();
    }

    private boolean isExited(ProcessLauncher launcher, SandboxId sandbox) {
        return state(launcher, sandbox) instanceof SandboxState.Exited;
    }

    private List<String> starts(LaunchRequest request) throws IOException {
        return Files.readAllLines(files(request.sandbox()).root().resolveSibling("starts"));
    }
}
