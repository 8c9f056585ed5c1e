package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A closed launcher leaves its sandboxes to the next one. */
class LauncherHandoverTest extends AbstractLauncherTest {

    private static final String HALF_A_LINE =
            "echo start >> ../starts; echo up; printf 'first half'; : > ready;"
                    + " while [ ! -e go ]; do sleep 0.02; done; echo ', second half'; exit 5";

    private final LaunchRequest request = aRequest().withSecret("key", "sesame").build();
    private final RecordingListener before = new RecordingListener();

    @Test
    void nextLauncherContinuesForwardingWhereThePreviousOneStopped() throws Exception {
        ProcessLauncher first = open(builder(HALF_A_LINE).closeAction(CloseAction.LEAVE_RUNNING));
        first.launch(PROJECT, request, before);
        before.awaitLine("up");
        await().until(() -> Files.exists(workspaceFile("ready")));

        first.close();

        assertThat(processesOf(request.sandbox())).isPositive();
        assertThat(files(request.sandbox()).apiToken()).exists();
        assertThat(before.hasEnded()).isFalse();
        ProcessLauncher next = launcher("echo a second one");
        next.launch(PROJECT, request, recorder);
        Files.createFile(workspaceFile("go"));
        recorder.awaitEnd();
        assertThat(exit(next, request.sandbox()).exitCode()).isEqualTo(5);
        assertThat(before.output()).containsExactly("up");
        assertThat(recorder.output()).containsExactly("first half, second half");
        assertThat(files(request.sandbox()).agent().resolve("starts")).hasContent("start");
    }

    @Test
    void sandboxThatEndsBetweenTwoLaunchersIsNotLost() throws Exception {
        ProcessLauncher first = open(builder(HALF_A_LINE).closeAction(CloseAction.LEAVE_RUNNING));
        first.launch(PROJECT, request, before);
        before.awaitLine("up");
        first.close();

        Files.createFile(workspaceFile("go"));
        await().until(() -> processesOf(request.sandbox()) == 0);
        ProcessLauncher next = launcher("true");
        state(next, request.sandbox());
        recorder.awaitEnd();

        assertThat(exit(next, request.sandbox()).exitCode()).isEqualTo(5);
        assertThat(recorder.output()).containsExactly("first half, second half");
    }

    @Test
    void blockedListenerDelaysCloseOnlyBriefly() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch called = new CountDownLatch(1);
        SandboxListener hanging =
                new RecordingListener() {
                    @Override
                    public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
                        called.countDown();
                        try {
                            never.await();
                        } catch (InterruptedException end) {
                            Thread.currentThread().interrupt();
                        }
                    }
                };
        ProcessLauncher first =
                open(builder("echo up; exec sleep 60").closeAction(CloseAction.LEAVE_RUNNING));
        first.launch(PROJECT, request, hanging);
        called.await();

        Thread.currentThread().interrupt();
        first.close();

        assertThat(Thread.interrupted()).isTrue();
        ProcessLauncher next = launcher("true");
        state(next, request.sandbox());
        recorder.awaitLine("up");
        never.countDown();
        next.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, NO_GRACE);
        recorder.awaitEnd();
    }

    @Test
    void nextLauncherEnforcesATimeLimitThatExpiredMeanwhile() throws Exception {
        LaunchRequest limited =
                aRequest().of(request.sandbox()).withTimeLimit(Duration.ofMillis(400)).build();
        ProcessLauncher first =
                open(builder("echo up; sleep 60").closeAction(CloseAction.LEAVE_RUNNING));
        first.launch(PROJECT, limited, before);
        before.awaitLine("up");
        first.close();

        ProcessLauncher next = launcher("true");
        state(next, request.sandbox());
        recorder.awaitEnd();

        SandboxExit exit = exit(next, request.sandbox());
        assertThat(exit.stopReason()).hasValue(StopReason.TIME_LIMIT);
        assertThat(processesOf(request.sandbox())).isZero();
    }

    private Path workspaceFile(String name) {
        return files(request.sandbox()).workspace().resolve(name);
    }
}
