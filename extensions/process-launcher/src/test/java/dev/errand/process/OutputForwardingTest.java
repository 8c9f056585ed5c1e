package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All output is forwarded in order, whatever the listener does. */
class OutputForwardingTest extends AbstractLauncherTest {

    private static final LauncherTiming SHORT_TIMING =
            new LauncherTiming(
                    Duration.ofMillis(20),
                    Duration.ofMillis(50),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(20),
                    Duration.ofMillis(100),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(5));

    private final LaunchRequest request = aRequest().build();
    private final List<Throwable> handled = new CopyOnWriteArrayList<>();

    @Test
    void listenerThatThrowsAtFirstMissesNothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        RecordingListener throwing =
                new RecordingListener() {
                    @Override
                    public synchronized void onOutput(
                            SandboxId sandbox, Source source, List<String> lines) {
                        if (calls.incrementAndGet() % 3 != 0) {
                            throw new IllegalStateException("the store is down");
                        }
                        super.onOutput(sandbox, source, lines);
                    }
                };
        ProcessLauncher launcher = open(builder("seq 1 3000").timing(SHORT_TIMING));

        launcher.launch(PROJECT, request, throwing);
        throwing.awaitEnd();

        assertThat(throwing.output()).containsExactlyElementsOf(numbers(3000));
        assertThat(calls.get()).isGreaterThanOrEqualTo(9);
    }

    @Test
    void listenerThatAlwaysThrowsDoesNotBlockTheExit() throws Exception {
        CountDownLatch mended = new CountDownLatch(1);
        RecordingListener throwing =
                new RecordingListener() {
                    @Override
                    public synchronized void onOutput(
                            SandboxId sandbox, Source source, List<String> lines) {
                        if (mended.getCount() > 0) {
                            throw new AssertionError("listener fails");
                        }
                        super.onOutput(sandbox, source, lines);
                    }
                };
        ProcessLauncher launcher = open(builder("echo late; exit 2").timing(SHORT_TIMING));
        launcher.launch(PROJECT, request, throwing);

        await().until(() -> state(launcher, request.sandbox()) instanceof SandboxState.Exited);
        assertThat(throwing.hasEnded()).isFalse();
        mended.countDown();
        throwing.awaitEnd();

        assertThat(throwing.output()).containsExactly("late");
    }

    @Test
    void blockedListenerDoesNotBlockTheExit() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        RecordingListener hanging =
                new RecordingListener() {
                    @Override
                    public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
                        awaitQuietly(released);
                        super.onOutput(sandbox, source, lines);
                    }
                };
        ProcessLauncher launcher = open(builder("echo late").timing(SHORT_TIMING));
        launcher.launch(PROJECT, request, hanging);

        await().until(() -> state(launcher, request.sandbox()) instanceof SandboxState.Exited);
        released.countDown();
        hanging.awaitEnd();

        assertThat(hanging.output()).containsExactly("late");
    }

    @Test
    void listenerThatThrowsAtTheEndHasNoEffect() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        RecordingListener throwing =
                new RecordingListener() {
                    @Override
                    public void onExit(SandboxId sandbox) {
                        called.countDown();
                        throw new IllegalStateException("listener fails");
                    }
                };
        ProcessLauncher launcher = launcher("true");

        launcher.launch(PROJECT, request, throwing);
        called.await();

        assertThat(exit(launcher, request.sandbox()).exitCode()).isZero();
    }

    @Test
    void largeOutputNeitherBlocksTheAgentNorIsLost() throws Exception {
        int lines = 6_600_000;
        AtomicInteger next = new AtomicInteger(1);
        AtomicInteger outOfOrder = new AtomicInteger();
        AtomicInteger largest = new AtomicInteger();
        CountDownLatch finished = new CountDownLatch(1);
        RecordingListener counting =
                new RecordingListener() {
                    @Override
                    public void onOutput(SandboxId sandbox, Source source, List<String> batch) {
                        awaitQuietly(finished);
                        largest.accumulateAndGet(batch.size(), Math::max);
                        for (String line : batch) {
                            if (!line.equals(Integer.toString(next.getAndIncrement()))) {
                                outOfOrder.incrementAndGet();
                            }
                        }
                    }
                };
        ProcessLauncher launcher = launcher("seq 1 " + lines + "; touch finished");

        launcher.launch(PROJECT, request, counting);
        // No line is accepted before the agent has printed everything.
        Path marker = files(request.sandbox()).workspace().resolve("finished");
        await().until(() -> Files.exists(marker));
        finished.countDown();
        counting.awaitEnd();

        assertThat(Files.size(files(request.sandbox()).standardOutput()))
                .isGreaterThan(50_000_000L);
        assertThat(next.get()).isEqualTo(lines + 1);
        assertThat(outOfOrder.get()).isZero();
        assertThat(largest.get()).isLessThanOrEqualTo(1000);
    }

    @Test
    void malformedUtf8AndLongLinesAreForwarded() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder("printf 'a\\377b\\r\\nAAAAAAAAAAAAAAAABBBBBBBB\\n\\nend'")
                                .maxLineBytes(16));

        runToEnd(launcher, request);

        assertThat(recorder.output())
                .containsExactly("a\uFFFDb", "A".repeat(16), "B".repeat(8), "", "end");
    }

    @Test
    void agentThatDeletesItsLogFilesLosesNoOutput() throws Exception {
        ProcessLauncher launcher =
                launcher(
                        "echo up; while [ ! -e go ]; do sleep 0.02; done; rm ../../launcher/*.log; echo more");
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");
        Files.createFile(files(request.sandbox()).workspace().resolve("go"));
        recorder.awaitEnd();

        SandboxExit exit = exit(launcher, request.sandbox());

        assertThat(recorder.output()).containsExactly("up", "more");
        assertThat(exit.notes()).containsExactly("the last output lines cannot be read");
    }

    /** Progress that has no line end counts as activity of the agent, and people can see it. */
    @Test
    void unfinishedLineIsForwardedAfterAWhile() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder("printf .; while [ ! -e go ]; do sleep 0.02; done; echo; echo end")
                                .timing(SHORT_TIMING));
        launcher.launch(PROJECT, request, recorder);

        recorder.awaitLine(".");
        Files.createFile(files(request.sandbox()).workspace().resolve("go"));
        recorder.awaitEnd();

        assertThat(recorder.output()).containsExactly(".", "end");
    }

    /** A thread that dies would leave the run without its log and its end. */
    @Test
    void forwardingContinuesAfterAnError() throws Exception {
        AtomicInteger errors = new AtomicInteger();
        RecordingListener failing =
                new RecordingListener() {
                    @Override
                    public synchronized void onOutput(
                            SandboxId sandbox, Source source, List<String> lines) {
                        if (errors.incrementAndGet() == 1) {
                            Thread.currentThread()
                                    .setUncaughtExceptionHandler(
                                            (thread, error) -> handled.add(error));
                            throw new OutOfMemoryError("planted");
                        }
                        super.onOutput(sandbox, source, lines);
                    }
                };
        ProcessLauncher launcher = open(builder("echo one; echo two").timing(SHORT_TIMING));

        launcher.launch(PROJECT, request, failing);
        failing.awaitEnd();

        assertThat(failing.output()).containsExactly("one", "two");
        assertThat(handled).singleElement().isInstanceOf(OutOfMemoryError.class);
    }

    private static List<String> numbers(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
