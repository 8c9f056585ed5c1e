package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.PortException;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A launcher takes over the sandboxes of a host that was killed. */
class HostRestartTest extends AbstractLauncherTest {

    private static final String COUNT_STARTS = "echo start >> ../starts; echo up $$; ";
    private static final String AWAIT_GO = "while [ ! -e go ]; do sleep 0.02; done; ";

    @Test
    void livingSandboxIsFoundAndNotStartedAgain() throws Exception {
        LaunchRequest request =
                CrashingHost.run(workDirectory(), COUNT_STARTS + AWAIT_GO + "echo more; exit 5");
        ProcessLauncher next = launcher("echo a second one");

        next.launch(PROJECT, request, recorder);
        assertThat(state(next, request.sandbox())).isInstanceOf(SandboxState.Running.class);
        go(request);
        recorder.awaitEnd();

        assertThat(exit(next, request.sandbox()).exitCode()).isEqualTo(5);
        assertThat(recorder.output())
                .as("forwarded lines are not forwarded again")
                .containsExactly("more");
        assertThat(files(request.sandbox()).agent().resolve("starts")).hasContent("start");
    }

    @Test
    void sandboxThatEndedMeanwhileIsNotLost() throws Exception {
        LaunchRequest request =
                CrashingHost.run(
                        workDirectory(),
                        COUNT_STARTS
                                + AWAIT_GO
                                + "echo '{}' > $ERRAND_OUTPUT_FILE; echo more; exit 3");
        SandboxStateFiles stateFiles = new SandboxStateFiles(files(request.sandbox()));
        go(request);
        await().until(() -> stateFiles.exitCode().isPresent());
        ProcessLauncher next = launcher("echo a second one");

        state(next, request.sandbox());
        recorder.awaitEnd();

        SandboxExit exit = exit(next, request.sandbox());
        assertThat(exit.exitCode()).isEqualTo(3);
        assertThat(exit.output()).hasValue("{}\n");
        assertThat(recorder.output()).containsExactly("more");
        assertThat(files(request.sandbox()).secrets()).doesNotExist();
    }

    @Test
    void livingSandboxCanBeStoppedAfterARestart() throws Exception {
        LaunchRequest request =
                CrashingHost.run(
                        workDirectory(),
                        COUNT_STARTS + "trap '' TERM; (setsid sleep 61 &); " + AWAIT_GO);
        ProcessLauncher next = launcher("echo a second one");

        next.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, SHORT_GRACE);
        state(next, request.sandbox());
        recorder.awaitEnd();

        SandboxExit exit = exit(next, request.sandbox());
        assertThat(exit.exitCode()).isEqualTo(128 + 9);
        assertThat(exit.stopReason()).hasValue(StopReason.CANCELLED);
        assertThat(processesOf(request.sandbox())).isZero();
    }

    @Test
    void interruptedStopIsCompleted() throws Exception {
        LaunchRequest request =
                CrashingHost.run(workDirectory(), COUNT_STARTS + "trap '' TERM; " + AWAIT_GO);
        new SandboxStateFiles(files(request.sandbox())).stopReason(StopReason.TASK_DELETED);
        ProcessLauncher next = launcher("echo a second one");

        state(next, request.sandbox());
        recorder.awaitEnd();

        assertThat(exit(next, request.sandbox()).stopReason()).hasValue(StopReason.TASK_DELETED);
    }

    @Test
    void sandboxThatEndedWithItsMachineIsGoneAndNotStartedAgain() throws Exception {
        LaunchRequest request = CrashingHost.run(workDirectory(), COUNT_STARTS + AWAIT_GO);
        killAll(request);
        ProcessLauncher next = launcher("echo a second one");

        assertThat(state(next, request.sandbox())).isInstanceOf(SandboxState.Gone.class);
        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> next.launch(PROJECT, request, recorder))
                .withMessageContaining("lost");
        assertThat(files(request.sandbox()).secrets()).doesNotExist();
        assertThat(files(request.sandbox()).apiToken()).doesNotExist();

        next.discard(PROJECT, request.sandbox());
        assertThat(files(request.sandbox()).root().resolveSibling("attempt_1.kept")).exists();
    }

    @Test
    void remainingProcessesOfAnEndedAgentAreKilledAfterARestart() throws Exception {
        LaunchRequest request =
                CrashingHost.run(
                        workDirectory(),
                        COUNT_STARTS + "(setsid sleep 62 &); " + AWAIT_GO + "exit 3");
        SandboxStateFiles stateFiles = new SandboxStateFiles(files(request.sandbox()));
        go(request);
        await().until(() -> stateFiles.exitCode().isPresent());
        ProcessLauncher next = launcher("echo a second one");

        next.launch(PROJECT, request, recorder);
        recorder.awaitEnd();

        assertThat(exit(next, request.sandbox()).exitCode()).isEqualTo(3);
        assertThat(processesOf(request.sandbox())).isZero();
    }

    @Test
    void interruptedLaunchIsRepeated() throws Exception {
        LaunchRequest request = aRequest().build();
        PrivateFiles.createDirectories(files(request.sandbox()).secrets());
        ProcessLauncher launcher = launcher("echo started");

        assertThat(state(launcher, request.sandbox())).isInstanceOf(SandboxState.Gone.class);
        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isZero();
        assertThat(recorder.output()).containsExactly("started");
    }

    @Test
    void reusedPidIsNotMistakenForTheSandbox() throws Exception {
        LaunchRequest request = aRequest().build();
        PrivateFiles.createDirectories(files(request.sandbox()).launcher());
        Process other = new ProcessBuilder("setsid", "sleep", "63").start();
        try {
            Files.writeString(files(request.sandbox()).pid(), other.pid() + "\n");
            ProcessLauncher launcher = launcher("echo a second one");

            assertThat(state(launcher, request.sandbox())).isInstanceOf(SandboxState.Gone.class);
            launcher.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, NO_GRACE);
            launcher.discard(PROJECT, request.sandbox());

            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    private void go(LaunchRequest request) throws IOException {
        Files.createFile(files(request.sandbox()).workspace().resolve("go"));
    }

    private static void killAll(LaunchRequest request) {
        ProcessTable table = ProcessTable.ofThisSystem();
        SandboxMark mark = SandboxMark.of(request.sandbox());
        await().until(
                        () -> {
                            table.processes().stream()
                                    .map(ProcessInfo::pid)
                                    .filter(pid -> table.hasMark(pid, mark))
                                    .map(ProcessHandle::of)
                                    .flatMap(Optional::stream)
                                    .sorted()
                                    .forEach(ProcessHandle::destroyForcibly);
                            return processesOf(request.sandbox()) == 0;
                        });
    }
}
