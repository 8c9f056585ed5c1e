package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A sandbox that exceeds a limit is stopped and reports the limit. Real processes exceed it. */
class ResourceLimitsTest extends AbstractLauncherTest {

    private static final int MIB = 1024 * 1024;
    private static final String KILOBYTE_LINES = "yes \"$(printf '%0999d' 0)\"";
    private static final LauncherTiming SHORT_TIMING =
            new LauncherTiming(
                    Duration.ofMillis(20),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(50),
                    Duration.ofMillis(20),
                    Duration.ofMillis(20),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(5));

    private final LaunchRequest request = aRequest().build();

    @Test
    void largeOutputNeitherBlocksTheAgentNorFillsTheHeap() throws Exception {
        int kilobytes = 200_000;
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong largestBatch = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        RecordingListener slow =
                new RecordingListener() {
                    @Override
                    public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
                        awaitQuietly(go);
                        long size = lines.stream().mapToLong(line -> line.length() + 1).sum();
                        largestBatch.accumulateAndGet(size, Math::max);
                        bytes.addAndGet(size);
                    }
                };
        ProcessLauncher launcher =
                open(builder(KILOBYTE_LINES + " | head -n " + kilobytes).timing(SHORT_TIMING));

        launcher.launch(PROJECT, request, slow);
        SandboxStateFiles stateFiles = new SandboxStateFiles(files(request.sandbox()));
        await().until(() -> stateFiles.exitCode().isPresent());
        assertThat(bytes).as("no line is accepted before the agent ends").hasValue(0);
        go.countDown();
        slow.awaitEnd();

        assertThat(exit(launcher, request.sandbox()).exitCode()).isZero();
        assertThat(bytes).hasValue(kilobytes * 1000L);
        assertThat(largestBatch.get())
                .isLessThanOrEqualTo(2L * ResultLimits.DEFAULT.lineBytes() + 2);
    }

    @Test
    void endlessOutputIsStoppedAtTheDiskLimit() throws Exception {
        ProcessLauncher launcher =
                open(builder(KILOBYTE_LINES).maxDiskBytes(8 * MIB).timing(SHORT_TIMING));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isNotZero();
        assertThat(exit.stopReason()).isEmpty();
        assertThat(exit.problem()).isPresent();
        assertThat(Files.size(files(request.sandbox()).standardOutput())).isEqualTo(8 * MIB);
    }

    @Test
    void singleFileCannotExceedTheDiskLimit() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder("exec head -c 9000000 /dev/zero > ../tmp/zeros")
                                .maxDiskBytes(8 * MIB));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isEqualTo(128 + 25);
        assertThat(exit.problem())
                .hasValue("stopped because a file became larger than 8388608 bytes");
    }

    @Test
    void filesTogetherCannotExceedTheDiskLimit() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder(
                                        "mkdir -p a/b; i=0; while [ $i -lt 5 ]; do i=$((i+1));"
                                                + " head -c 2000000 /dev/zero > a/b/$i; done;"
                                                + " trap 'exit 0' TERM;"
                                                + " while :; do sleep 0.05; done")
                                .maxDiskBytes(8 * MIB)
                                .grace(LONG_GRACE)
                                .timing(SHORT_TIMING));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isZero();
        assertThat(exit.problem()).hasValue("stopped because its files exceeded 8388608 bytes");
    }

    @Test
    void filesBelowALongPathCannotExceedTheDiskLimit() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder(
                                        "n=$(printf '%0100d' 0); for i in $(seq 60); do mkdir $n; cd $n; done;"
                                                + " head -c 5000000 /dev/zero > a; head -c 5000000 /dev/zero > b;"
                                                + " trap 'exit 0' TERM; while :; do sleep 0.05; done")
                                .maxDiskBytes(8 * MIB)
                                .grace(LONG_GRACE)
                                .cleanupPolicy(CleanupPolicy.DELETE)
                                .timing(SHORT_TIMING));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.problem()).hasValue("stopped because its files exceeded 8388608 bytes");
        launcher.discard(PROJECT, request.sandbox());
        await().until(() -> isEmpty(workDirectory().resolve(".deleted")));
        assertThat(launcher.status().undeletedDirectories()).isZero();
    }

    @Test
    void sandboxWhoseFilesCannotBeMeasuredIsStoppedForThatReason() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder(
                                        "for i in $(seq 300); do mkdir d; cd d; done;"
                                                + " trap 'exit 0' TERM; while :; do sleep 0.05; done")
                                .grace(LONG_GRACE)
                                .timing(SHORT_TIMING));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.problem())
                .hasValue(
                        "stopped because its files could not be measured:"
                                + " directories are nested more than 256 levels deep");
    }

    @Test
    void sandboxThatExceedsTheMemoryLimitIsStopped() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder("head -c 60000000 /dev/zero | (tail; sleep 60) & wait")
                                .maxMemoryBytes(40 * MIB)
                                .timing(SHORT_TIMING));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.problem().orElseThrow())
                .matches("stopped because its memory of [0-9]+ bytes exceeded 41943040 bytes");
        assertThat(processesOf(request.sandbox())).isZero();
    }

    @Test
    void processThatExceedsItsProcessorTimeIsKilled() throws Exception {
        ProcessLauncher launcher =
                open(builder("while :; do :; done").maxProcessorTime(Duration.ofSeconds(1)));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isEqualTo(128 + 24);
        assertThat(exit.problem())
                .hasValue("stopped because a process used more than 1 s of processor time");
    }

    @Test
    void nicenessAppliesToAgents() throws Exception {
        runToEnd(open(builder("nice").niceness(7)), request);

        assertThat(recorder.output()).containsExactly(String.valueOf(ownNiceness() + 7));
    }

    /** The tests themselves may run with a niceness. */
    private static int ownNiceness() throws IOException {
        Process nice = new ProcessBuilder("nice").start();
        return Integer.parseInt(new String(nice.getInputStream().readAllBytes(), UTF_8).strip());
    }

    @Test
    void exceededLimitSurvivesTheLauncher() throws Exception {
        ProcessLauncher first =
                open(
                        builder("echo up; trap '' TERM; while :; do sleep 0.05; done")
                                .maxDiskBytes(1)
                                .grace(LONG_GRACE)
                                .closeAction(CloseAction.LEAVE_RUNNING));
        first.launch(PROJECT, request, new RecordingListener());
        SandboxStateFiles stateFiles = new SandboxStateFiles(files(request.sandbox()));
        await().until(() -> stateFiles.exceededLimit().isPresent());
        first.close();

        ProcessLauncher next = launcher("true");
        state(next, request.sandbox());
        recorder.awaitEnd();

        assertThat(exit(next, request.sandbox()).problem().orElseThrow())
                .startsWith("stopped because its files");
    }

    @Test
    void invalidLimitsAreRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> builder("true").maxDiskBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder("true").maxMemoryBytes(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").maxProcessorTime(Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder("true").niceness(20));
        assertThatIllegalArgumentException().isThrownBy(() -> builder("true").niceness(-1));
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
