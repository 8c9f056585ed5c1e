package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.PortException;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A closed launcher leaves no process behind, and leaves ended sandboxes to the next launcher. */
class LauncherShutdownTest extends AbstractLauncherTest {

    private final LaunchRequest request = aRequest().withSecret("key", "sesame").build();

    @Test
    void closeStopsAllProcessesAndThreads() throws Exception {
        ProcessLauncher launcher =
                launcher(
                        "(setsid sleep 64 &); trap '' TERM; echo up; while :; do sleep 0.05; done");
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");

        launcher.close();

        assertThat(processesOf(request.sandbox())).isZero();
        assertThat(threads()).isEmpty();
        assertThat(recorder.hasEnded()).isFalse();
    }

    @Test
    void outputPrintedDuringShutdownIsForwarded() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder("trap 'echo bye; exit' TERM; echo up; while :; do sleep 0.05; done")
                                .grace(LONG_GRACE));
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");

        launcher.close();

        assertThat(recorder.output()).containsExactly("up", "bye");
    }

    @Test
    void sandboxStoppedByCloseIsGone() throws Exception {
        ProcessLauncher launcher = launcher("echo up; sleep 60");
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");
        launcher.close();

        ProcessLauncher next = launcher("true");

        assertThat(state(next, request.sandbox())).isInstanceOf(SandboxState.Gone.class);
        assertThat(files(request.sandbox()).root().resolveSibling("attempt_1.kept/agent/api.token"))
                .doesNotExist();
    }

    @Test
    void sandboxBeingStoppedKeepsItsReasonWhenTheLauncherCloses() throws Exception {
        ProcessLauncher launcher = launcher("trap '' TERM; echo up; while :; do sleep 0.05; done");
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");
        launcher.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, LONG_GRACE);
        launcher.close();

        ProcessLauncher next = launcher("true");
        state(next, request.sandbox());
        await().untilAsserted(() -> exit(next, request.sandbox()));

        assertThat(exit(next, request.sandbox()).stopReason()).hasValue(StopReason.CANCELLED);
    }

    @Test
    void nextLauncherFindsAnEndedSandbox() throws Exception {
        ProcessLauncher launcher = launcher("echo '{}' > $ERRAND_OUTPUT_FILE; exit 2");
        runToEnd(launcher, request);
        launcher.close();

        ProcessLauncher next = launcher("true");
        state(next, request.sandbox());
        await().untilAsserted(() -> exit(next, request.sandbox()));

        assertThat(exit(next, request.sandbox()).exitCode()).isEqualTo(2);
        assertThat(exit(next, request.sandbox()).output()).hasValue("{}\n");
    }

    @Test
    void closedLauncherRejectsCallsAndMayBeClosedAgain() {
        ProcessLauncher launcher = launcher("true");
        launcher.close();
        launcher.close();

        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> launcher.launch(PROJECT, request, recorder));
        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> state(launcher, request.sandbox()));
    }

    @Test
    void workDirectoryAllowsOneLauncherPerProcess() {
        ProcessLauncher first = launcher("true");

        assertThatIllegalStateException()
                .isThrownBy(() -> launcher("true"))
                .withMessageContaining("another launcher");
        first.close();

        assertThat(state(launcher("true"), request.sandbox()))
                .isInstanceOf(SandboxState.Gone.class);
    }

    @Test
    void interruptSkipsTheGracePeriod() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder("trap '' TERM; echo up; while :; do sleep 0.05; done")
                                .grace(LONG_GRACE));
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");

        Thread.currentThread().interrupt();
        launcher.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(processesOf(request.sandbox())).isZero();
    }

    @Test
    void idleLauncherHasNoThread() throws Exception {
        ProcessLauncher launcher = launcher("true");
        assertThat(threads()).isEmpty();
        runToEnd(launcher, request);

        await().until(() -> threads().isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("errand-sandbox"))
                .toList();
    }
}
