package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.errand.process.LauncherStatus.Containment;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * A daemon that leaves its parents by a double fork, its session, and its environment, between two
 * looks at the process table, ends with its sandbox.
 */
class ContainmentTest extends AbstractLauncherTest {

    private static final String START_DAEMON =
            "env -i setsid sh -c '(sh -c \"trap \\\"\\\" TERM; echo \\$\\$ > pid; exec sleep 69\" &)';"
                    + " while [ ! -s pid ]; do sleep 0.02; done; echo up; ";

    private final LaunchRequest request = aRequest().build();

    @Test
    void hiddenDaemonEndsWithAnAgentThatIsStopped() throws Exception {
        requireControlGroups();
        ProcessLauncher launcher = launcher(START_DAEMON + "sleep 60");
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");
        assertThat(isAlive(daemon(request))).isTrue();

        launcher.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, SHORT_GRACE);
        recorder.awaitEnd();

        assertThat(isAlive(daemon(request))).isFalse();
        assertThat(groupOf(request)).doesNotExist();
    }

    @Test
    void hiddenDaemonEndsWithAnAgentThatEndsByItself() throws Exception {
        requireControlGroups();
        ProcessLauncher launcher = launcher(START_DAEMON + "exit 5");

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isEqualTo(5);
        assertThat(isAlive(daemon(request))).isFalse();
        assertThat(launcher.status().containment()).isEqualTo(Containment.CONTROL_GROUP);
    }

    @Test
    void nextLauncherFindsTheControlGroup() throws Exception {
        requireControlGroups();
        LaunchRequest left = CrashingHost.run(workDirectory(), START_DAEMON + "sleep 60");
        ProcessLauncher next = launcher("true");

        next.stop(PROJECT, left.sandbox(), StopReason.CANCELLED, SHORT_GRACE);
        state(next, left.sandbox());
        recorder.awaitEnd();

        assertThat(isAlive(daemon(left))).isFalse();
    }

    @Test
    void groupOfAnotherNameIsNotAccepted() throws IOException {
        requireControlGroups();
        ControlGroup other =
                ControlGroups.find().orElseThrow().create(aRequest().build().sandbox());
        try {
            assertThat(ControlGroups.found(request.sandbox(), other.path())).isEmpty();
            assertThat(ControlGroups.found(request.sandbox(), other.path().getParent())).isEmpty();
        } finally {
            other.delete();
        }
    }

    @Test
    void statusSaysThatAHiddenDaemonSurvives() throws Exception {
        ProcessLauncher launcher = open(builder(START_DAEMON + "exit 0").withoutControlGroups());

        runToEnd(launcher, request);

        assertThat(launcher.status().containment()).isEqualTo(Containment.OBSERVATION);
        assertThat(launcher.status().sentence())
                .startsWith("Agents run as the user of their server")
                .contains("outlives its run");
        ProcessHandle.of(Long.parseLong(daemon(request)))
                .ifPresent(
                        survivor -> {
                            survivor.destroyForcibly();
                            await().until(() -> !survivor.isAlive());
                        });
    }

    private static void requireControlGroups() {
        assumeThat(ControlGroups.find())
                .as("control groups of version 2 that this user may create")
                .isPresent();
    }

    private String daemon(LaunchRequest launched) throws IOException {
        return Files.readString(files(launched.sandbox()).workspace().resolve("pid")).strip();
    }

    private Path groupOf(LaunchRequest launched) {
        return new SandboxStateFiles(files(launched.sandbox())).controlGroup().orElseThrow();
    }
}
