package dev.errand.process;

import static dev.errand.process.Requests.PROJECT;
import static dev.errand.process.Requests.aRequest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxExit;
import dev.errand.spi.dispatch.SandboxId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A sandbox that takes too much is ended, and says of what; real processes take it. */
class LimitsTest extends LauncherTest {

    private static final int MIB = 1024 * 1024;
    private static final String KILOBYTE_LINES = "yes \"$(printf '%0999d' 0)\"";
    private static final Pace QUICK =
            new Pace(
                    Duration.ofMillis(20),
                    Duration.ofMillis(50),
                    Duration.ofMillis(20),
                    Duration.ofMillis(20),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(5));

    private final LaunchRequest request = aRequest().build();

    @Test
    void aFloodOfOutputNeitherBlocksTheAgentNorFillsTheHeap() throws Exception {
        int kilobytes = 200_000;
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong largestBatch = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        Recorder slow =
                new Recorder() {
                    @Override
                    public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
                        awaitQuietly(go);
                        long size = lines.stream().mapToLong(line -> line.length() + 1).sum();
                        largestBatch.accumulateAndGet(size, Math::max);
                        bytes.addAndGet(size);
                    }
                };
        ProcessLauncher launcher =
                open(builder(KILOBYTE_LINES + " | head -n " + kilobytes).pace(QUICK));

        launcher.launch(PROJECT, request, slow);
        SandboxRecord record = new SandboxRecord(files(request.sandbox()));
        await().until(() -> record.exitCode().isPresent());
        assertThat(bytes).as("nothing was taken before the agent had ended").hasValue(0);
        go.countDown();
        slow.awaitEnd();

        assertThat(exit(launcher, request.sandbox()).exitCode()).isZero();
        assertThat(bytes).hasValue(kilobytes * 1000L);
        assertThat(largestBatch.get()).isLessThanOrEqualTo(2L * Bounds.DEFAULT.lineBytes() + 2);
    }

    @Test
    void aFloodWithoutEndIsEndedAtTheQuota() throws Exception {
        ProcessLauncher launcher = open(builder(KILOBYTE_LINES).maxDiskBytes(8 * MIB).pace(QUICK));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isNotZero();
        assertThat(exit.stoppedFor()).isEmpty();
        assertThat(exit.problem()).isPresent();
        assertThat(Files.size(files(request.sandbox()).standardOutput())).isEqualTo(8 * MIB);
    }

    @Test
    void oneFileCannotGrowBeyondTheQuota() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder("exec head -c 9000000 /dev/zero > ../tmp/zeros")
                                .maxDiskBytes(8 * MIB));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isEqualTo(128 + 25);
        assertThat(exit.problem()).hasValue("stopped, as a file became larger than 8388608 bytes");
    }

    @Test
    void manyFilesTogetherCannotGrowBeyondTheQuota() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder(
                                        "mkdir -p a/b; i=0; while [ $i -lt 5 ]; do i=$((i+1));"
                                                + " head -c 2000000 /dev/zero > a/b/$i; done;"
                                                + " trap 'exit 0' TERM;"
                                                + " while :; do sleep 0.05; done")
                                .maxDiskBytes(8 * MIB)
                                .grace(LONG_GRACE)
                                .pace(QUICK));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isZero();
        assertThat(exit.problem()).hasValue("stopped, as its files took more than 8388608 bytes");
    }

    @Test
    void aSandboxThatTakesTooMuchMemoryIsStopped() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder("head -c 60000000 /dev/zero | (tail; sleep 60) & wait")
                                .maxMemoryBytes(40 * MIB)
                                .pace(QUICK));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.problem().orElseThrow())
                .matches("stopped, as it had [0-9]+ bytes in memory, more than 41943040");
        assertThat(processesOf(request.sandbox())).isZero();
    }

    @Test
    void aProcessThatComputesForTooLongIsEnded() throws Exception {
        ProcessLauncher launcher =
                open(builder("while :; do :; done").maxProcessorTime(Duration.ofSeconds(1)));

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(exit.exitCode()).isEqualTo(128 + 24);
        assertThat(exit.problem()).hasValue("stopped, as a process computed for longer than 1 s");
    }

    @Test
    void agentsStandBehindOthersWhereTheHostSaysSo() throws Exception {
        runToEnd(open(builder("nice").niceness(7)), request);

        assertThat(recorder.output()).containsExactly(String.valueOf(ownNiceness() + 7));
    }

    /** The tests may run behind others themselves. */
    private static int ownNiceness() throws IOException {
        Process nice = new ProcessBuilder("nice").start();
        return Integer.parseInt(new String(nice.getInputStream().readAllBytes(), UTF_8).strip());
    }

    @Test
    void whatItWasStoppedForOutlivesTheHost() throws Exception {
        ProcessLauncher first =
                open(
                        builder("echo up; trap '' TERM; while :; do sleep 0.05; done")
                                .maxDiskBytes(1)
                                .grace(LONG_GRACE)
                                .atClose(AtClose.LEAVE_RUNNING));
        first.launch(PROJECT, request, new Recorder());
        SandboxRecord record = new SandboxRecord(files(request.sandbox()));
        await().until(() -> record.excess().isPresent());
        first.close();

        ProcessLauncher next = launcher("true");
        state(next, request.sandbox());
        recorder.awaitEnd();

        assertThat(exit(next, request.sandbox()).problem().orElseThrow())
                .startsWith("stopped, as its files");
    }

    @Test
    void aLimitThatCannotBeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> builder("true").maxDiskBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder("true").maxMemoryBytes(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").maxProcessorTime(Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder("true").niceness(20));
        assertThatIllegalArgumentException().isThrownBy(() -> builder("true").niceness(-1));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
