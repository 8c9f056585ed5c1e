package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * An agent that runs as the launcher's user replaces every file that the launcher keeps for it by a
 * FIFO. Other sandboxes, the end of the launcher and the next launcher do not wait for it.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class HostileBookkeepingTest extends AbstractLauncherTest {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private static final String REPLACE_ALL_BY_FIFOS =
            """
            for file in ../../launcher/* ../../launcher/stopped ../output.json ../api.token \
                ../../launcher/exceeded-limit ../artifacts/report; do
                rm -f $file
                mkfifo $file
            done
            echo replaced > ../../../replaced
            """;

    private static final String KILL_PARENT = REPLACE_ALL_BY_FIFOS + "kill -9 $PPID; exit 0";
    private static final String STAY = REPLACE_ALL_BY_FIFOS + "trap '' TERM; sleep 60";

    /** The prompt is the script. */
    private static final String SHELL = "eval \"$(cat)\"";

    @Test
    void othersRunToTheirEndAndTheLauncherCloses() throws Exception {
        ProcessLauncher launcher = launcher(SHELL);
        LaunchRequest killing = aRequest().withPrompt(KILL_PARENT).build();
        LaunchRequest staying = aRequest().withPrompt(STAY).build();
        launcher.launch(PROJECT, killing, new RecordingListener());
        launcher.launch(PROJECT, staying, new RecordingListener());
        awaitReplaced(killing.sandbox());
        awaitReplaced(staying.sandbox());

        LaunchRequest honest = aRequest().withPrompt("echo honest").build();
        assertThat(runToEnd(launcher, honest).exitCode()).isZero();
        assertThat(recorder.output()).containsExactly("honest");
        launcher.stop(PROJECT, staying.sandbox(), StopReason.CANCELLED, SHORT_GRACE);
        awaitExit(launcher, killing.sandbox());
        awaitExit(launcher, staying.sandbox());
        launcher.discard(PROJECT, killing.sandbox());
        long closedAt = System.nanoTime();
        launcher.close();

        assertThat(Duration.ofNanos(System.nanoTime() - closedAt)).isLessThan(BOUND);
        assertThat(processesOf(staying.sandbox())).isZero();
        assertThat(files(killing.sandbox()).root()).doesNotExist();
    }

    @Test
    void nextLauncherEndsTheSandboxAndWorks() throws Exception {
        LaunchRequest request =
                CrashingHost.run(
                        workDirectory(),
                        "echo up; while [ ! -e go ]; do sleep 0.02; done; " + STAY);
        Files.createFile(files(request.sandbox()).workspace().resolve("go"));
        awaitReplaced(request.sandbox());
        ProcessLauncher next = launcher(SHELL);

        await().atMost(BOUND)
                .until(
                        () -> state(next, request.sandbox()),
                        state -> state instanceof SandboxState.Gone);

        assertThat(processesOf(request.sandbox())).isZero();
        next.discard(PROJECT, request.sandbox());
        assertThat(files(request.sandbox()).root()).doesNotExist();
        LaunchRequest honest = aRequest().withPrompt("true").build();
        next.launch(PROJECT, honest, new RecordingListener());
        awaitExit(next, honest.sandbox());
    }

    private void awaitReplaced(SandboxId sandbox) {
        await().atMost(BOUND)
                .until(() -> files(sandbox).root().resolveSibling("replaced").toFile().exists());
    }

    private void awaitExit(ProcessLauncher launcher, SandboxId sandbox) {
        await().atMost(BOUND).until(() -> state(launcher, sandbox) instanceof SandboxState.Exited);
    }
}
