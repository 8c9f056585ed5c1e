package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** However a sandbox ends, none of its processes survives. */
class SandboxStopTest extends AbstractLauncherTest {

    private static final String FOREVER = "while :; do sleep 0.05; done";
    private static final String STUBBORN = "trap '' TERM HUP INT; echo pid $$; " + FOREVER;

    private final LaunchRequest request = aRequest().build();

    @Test
    void agentMayShutDownOnSigterm() throws Exception {
        ProcessLauncher launcher =
                launcher("trap 'echo bye; exit 4' TERM; echo pid $$; " + FOREVER);

        SandboxExit exit = stopWhenUp(launcher, StopReason.ENDED, LONG_GRACE);

        assertThat(exit.exitCode()).isEqualTo(4);
        assertThat(exit.stopReason()).hasValue(StopReason.ENDED);
        assertThat(recorder.output()).endsWith("bye");
    }

    @Test
    void agentThatIgnoresSigtermIsKilledAfterTheGracePeriod() throws Exception {
        ProcessLauncher launcher = launcher(STUBBORN);

        SandboxExit exit = stopWhenUp(launcher, StopReason.CANCELLED, SHORT_GRACE);

        assertThat(exit.exitCode()).isEqualTo(128 + 9);
        assertThat(exit.stopReason()).hasValue(StopReason.CANCELLED);
        assertNothingIsLeft();
    }

    @Test
    void sigtermIsSentOnlyOnce() throws Exception {
        ProcessLauncher launcher =
                launcher(
                        """
                        left=-1
                        trap 'echo terminated; left=12' TERM
                        echo pid $$
                        while [ $left -ne 0 ]; do
                            sleep 0.05
                            [ $left -gt 0 ] && left=$((left - 1))
                        done
                        """);

        stopWhenUp(launcher, StopReason.CANCELLED, LONG_GRACE);

        assertThat(recorder.output()).filteredOn("terminated"::equals).hasSize(1);
    }

    @Test
    void processStartedForAnOrderlyShutdownIsNotKilled() throws Exception {
        ProcessLauncher launcher =
                launcher("trap 'sleep 0.4 && echo saved; exit' TERM; echo pid $$; " + FOREVER);

        stopWhenUp(launcher, StopReason.CANCELLED, LONG_GRACE);

        assertThat(recorder.output()).endsWith("saved");
    }

    @Test
    void childProcessHasTheGracePeriodToo() throws Exception {
        String child = "trap 'sleep 0.3; echo saved; exit' TERM; echo pid $$; " + FOREVER;
        ProcessLauncher launcher = launcher("sh -c \"%s\" & wait".formatted(escaped(child)));

        stopWhenUp(launcher, StopReason.CANCELLED, LONG_GRACE);

        assertThat(recorder.output()).endsWith("saved");
        assertNothingIsLeft();
    }

    @Test
    void grandchildInItsOwnSessionIsKilled() throws Exception {
        ProcessLauncher launcher =
                launcher("(setsid sh -c \"%s\" &); sleep 60".formatted(escaped(STUBBORN)));

        stopWhenUp(launcher, StopReason.CANCELLED, SHORT_GRACE);

        assertNothingIsLeft();
    }

    @Test
    void daemonIsKilled() throws Exception {
        ProcessLauncher launcher =
                launcher("nohup setsid nohup sh -c \"%s\" & sleep 60".formatted(escaped(STUBBORN)));

        stopWhenUp(launcher, StopReason.CANCELLED, SHORT_GRACE);

        assertNothingIsLeft();
    }

    @Test
    void childWithoutEnvironmentIsKilled() throws Exception {
        ProcessLauncher launcher =
                launcher("env -i setsid sh -c \"%s\" & wait".formatted(escaped(STUBBORN)));

        stopWhenUp(launcher, StopReason.CANCELLED, SHORT_GRACE);

        assertNothingIsLeft();
    }

    @Test
    void orphanWithoutEnvironmentIsFoundByItsSession() throws Exception {
        ProcessLauncher launcher =
                launcher("(env -i sh -c \"%s\" &); sleep 60".formatted(escaped(STUBBORN)));

        stopWhenUp(launcher, StopReason.CANCELLED, SHORT_GRACE);

        assertNothingIsLeft();
    }

    @Test
    void processesThatOutliveTheAgentAreKilled() throws Exception {
        ProcessLauncher launcher =
                launcher(
                        "(setsid sh -c \"%s\" &); while [ ! -e up ]; do sleep 0.02; done; exit 5"
                                .formatted(
                                        escaped("trap '' TERM; echo pid $$; touch up; sleep 60")));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isEqualTo(5);
        assertThat(exit.stopReason()).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void timeLimitStopsTheSandbox() throws Exception {
        ProcessLauncher launcher = launcher(STUBBORN);
        LaunchRequest limited =
                aRequest().of(request.sandbox()).withTimeLimit(Duration.ofMillis(300)).build();

        SandboxExit exit = runToEnd(launcher, limited);

        assertThat(exit.stopReason()).hasValue(StopReason.TIME_LIMIT);
        assertThat(exit.exitCode()).isEqualTo(128 + 9);
        assertNothingIsLeft();
    }

    @Test
    void timeLimitUsesTheConfiguredClock() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-01T12:00:00Z"));
        LauncherTiming quick =
                new LauncherTiming(
                        Duration.ofMillis(20),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(20),
                        Duration.ofMillis(20),
                        Duration.ofMillis(20),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(5));
        ProcessLauncher launcher =
                open(
                        builder("echo until $ERRAND_DEADLINE; sleep 60")
                                .clock(clock(now))
                                .timing(quick));
        launcher.launch(PROJECT, request, recorder);
        String deadline = recorder.awaitLine("until");

        now.set(Instant.parse(deadline));
        recorder.awaitEnd();

        assertThat(deadline).isEqualTo("2026-11-01T12:05:00Z");
        assertThat(exit(launcher, request.sandbox()).stopReason()).hasValue(StopReason.TIME_LIMIT);
    }

    @Test
    void repeatedStopKeepsTheFirstReasonAndTheShorterGracePeriod() throws Exception {
        ProcessLauncher launcher = launcher(STUBBORN);
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("pid");

        launcher.stop(PROJECT, request.sandbox(), StopReason.ENDED, LONG_GRACE);
        launcher.stop(PROJECT, request.sandbox(), StopReason.TASK_DELETED, NO_GRACE);
        launcher.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, LONG_GRACE);
        recorder.awaitEnd();

        assertThat(exit(launcher, request.sandbox()).stopReason()).hasValue(StopReason.ENDED);
    }

    @Test
    void stoppingAnEndedSandboxHasNoEffect() throws Exception {
        ProcessLauncher launcher = launcher("exit 6");
        runToEnd(launcher, request);

        launcher.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, NO_GRACE);

        SandboxExit exit = exit(launcher, request.sandbox());
        assertThat(exit.exitCode()).isEqualTo(6);
        assertThat(exit.stopReason()).isEmpty();
    }

    @Test
    void descendantsAreKilledWithoutProcfs() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder("setsid sh -c \"%s\" & wait".formatted(escaped(STUBBORN)))
                                .table(new PortableProcessTable()));

        stopWhenUp(launcher, StopReason.CANCELLED, SHORT_GRACE);

        await().until(() -> processesOf(request.sandbox()) == 0);
    }

    private SandboxExit stopWhenUp(ProcessLauncher launcher, StopReason reason, Duration grace)
            throws Exception {
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("pid");
        launcher.stop(PROJECT, request.sandbox(), reason, grace);
        recorder.awaitEnd();
        return exit(launcher, request.sandbox());
    }

    private void assertNothingIsLeft() throws InterruptedException {
        assertThat(isAlive(recorder.awaitLine("pid"))).isFalse();
        assertThat(processesOf(request.sandbox())).isZero();
    }

    private static String escaped(String script) {
        return script.replace("$", "\\$");
    }

    private static Clock clock(AtomicReference<Instant> now) {
        return new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
