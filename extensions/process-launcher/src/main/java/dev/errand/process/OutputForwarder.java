package dev.errand.process;

import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxListener.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards the output of one sandbox to one listener on its own thread, so that a slow listener
 * delays no other sandbox. A batch is retried until the listener accepts it, and the next one
 * follows only then. The end of the sandbox is reported last. No exception and no error ends the
 * thread before.
 */
final class OutputForwarder {

    private static final Logger LOG = LoggerFactory.getLogger(OutputForwarder.class);
    private static final int MAX_DOUBLINGS = 20;

    private final SandboxId sandbox;
    private final SandboxDirectory directory;
    private final SandboxListener listener;
    private final int maxLineBytes;
    private final Optional<OutputTranslator> translator;
    private final LauncherTiming timing;
    private final Runnable onFinish;
    private final Thread thread;

    // guarded by this
    private boolean outputEnded;
    private boolean finishingQuickly;
    private boolean endSuppressed;
    private boolean stopped;
    private boolean done;
    private long progressAt;
    private Optional<String> problem = Optional.empty();

    /**
     * Creates a forwarder that is not started.
     *
     * @param onFinish runs when the forwarder makes no further calls
     */
    OutputForwarder(
            SandboxId sandbox,
            SandboxDirectory directory,
            SandboxListener listener,
            int maxLineBytes,
            Optional<OutputTranslator> translator,
            LauncherTiming timing,
            Runnable onFinish) {
        this.sandbox = sandbox;
        this.directory = directory;
        this.listener = listener;
        this.maxLineBytes = maxLineBytes;
        this.translator = translator;
        this.timing = timing;
        this.onFinish = onFinish;
        this.thread =
                new Thread(this::run, "errand-sandbox-" + sandbox.run() + "-" + sandbox.attempt());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Signals that the output is complete. The remaining lines are forwarded and the end is
     * reported.
     */
    synchronized void outputEnded() {
        if (!outputEnded) {
            outputEnded = true;
            progressAt = System.nanoTime();
            notifyAll();
        }
    }

    /**
     * Returns whether all output was forwarded. Also returns true if the listener failed or blocked
     * for too long after the end of the output; forwarding then continues, but nothing waits for
     * it.
     */
    synchronized boolean isDone() {
        return done
                || outputEnded
                        && System.nanoTime() - progressAt > timing.listenerTimeout().toNanos();
    }

    /** Returns why output could not be forwarded, if that happened. */
    synchronized Optional<String> problem() {
        return problem;
    }

    /** Prevents the report of the end. */
    synchronized void suppressEnd() {
        endSuppressed = true;
    }

    /** Forwards the remaining output without retries and without reporting the end. */
    synchronized void finishQuickly() {
        suppressEnd();
        finishingQuickly = true;
        outputEnded();
        notifyAll();
    }

    /** Stops after the current batch without reporting the end. Another launcher continues. */
    synchronized void stop() {
        suppressEnd();
        stopped = true;
        notifyAll();
    }

    /** Waits for the thread to end and returns whether it did in time. */
    boolean join(Duration atMost) throws InterruptedException {
        thread.join(Math.max(1, atMost.toMillis()));
        return !thread.isAlive();
    }

    private void run() {
        try {
            forward();
        } finally {
            onFinish.run();
        }
    }

    private void forward() {
        int failures = 0;
        while (!isStopped() && !tryForward()) {
            awaitListener(failures++);
        }
        notifyEnded();
    }

    /** Forwards all output that can be read. Returns false if the call must be repeated. */
    private boolean tryForward() {
        translator.ifPresent(OutputTranslator::reset);
        try (ForwardedPositions positions = new ForwardedPositions(directory.forwardedPositions());
                OutputFileReader output =
                        open(directory.standardOutput(), positions, Source.STDOUT);
                OutputFileReader error =
                        open(directory.standardError(), positions, Source.STDERR)) {
            Map<Source, OutputFileReader> readers = new EnumMap<>(Source.class);
            readers.put(Source.STDOUT, output);
            readers.put(Source.STDERR, error);
            forwardAll(readers, positions);
        } catch (IOException unreadable) {
            LOG.error("{}: cannot read its output; the rest is not forwarded", sandbox, unreadable);
            setProblem("the output could not be read completely");
            awaitEnd();
        } catch (RuntimeException | Error failed) {
            LOG.error("{}: cannot forward its output; will be retried", sandbox, failed);
            report(failed);
            return false;
        }
        return true;
    }

    private OutputFileReader open(Path file, ForwardedPositions positions, Source source)
            throws IOException {
        int length =
                isTranslated(source)
                        ? Math.max(maxLineBytes, ActiveProfile.MAX_LINE_BYTES)
                        : maxLineBytes;
        return new OutputFileReader(file, positions.get(source), length);
    }

    /** Its lines are events, of which a part is of no use. */
    private boolean isTranslated(Source source) {
        return translator.isPresent() && source == Source.STDOUT;
    }

    private void forwardAll(Map<Source, OutputFileReader> readers, ForwardedPositions positions)
            throws IOException {
        int failures = 0;
        while (!isStopped()) {
            boolean last = hasOutputEnded();
            try {
                boolean forwarded = false;
                for (Map.Entry<Source, OutputFileReader> reader : readers.entrySet()) {
                    forwarded |= forward(reader.getKey(), reader.getValue(), last, positions);
                }
                failures = 0;
                if (!forwarded && last) {
                    return;
                }
                if (!forwarded) {
                    awaitLines();
                }
            } catch (RuntimeException | Error thrown) {
                if (isStopped()) {
                    return;
                }
                if (isFinishingQuickly()) {
                    LOG.warn("{}: the listener threw; the rest is not forwarded", sandbox, thrown);
                    return;
                }
                if (failures == 0) {
                    LOG.warn(
                            "{}: the listener threw; the lines are forwarded again",
                            sandbox,
                            thrown);
                } else {
                    LOG.warn("{}: the listener threw again: {}", sandbox, thrown.toString());
                }
                report(thrown);
                awaitListener(failures++);
            }
        }
    }

    /** The host decides whether the process can continue, as if the thread had died. */
    private static void report(Throwable failed) {
        if (failed instanceof VirtualMachineError) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failed);
        }
    }

    private boolean forward(
            Source source, OutputFileReader reader, boolean last, ForwardedPositions positions)
            throws IOException {
        List<String> lines =
                last || isTranslated(source)
                        ? reader.next(last)
                        : reader.nextOrUnfinished(timing.lineTimeout());
        if (lines.isEmpty()) {
            return false;
        }
        deliver(source, lines);
        reader.acknowledge();
        translator.ifPresent(it -> it.acknowledge(source));
        recordProgress();
        try {
            positions.set(source, reader.position());
        } catch (IOException full) {
            // After a restart these lines would be forwarded again.
            LOG.warn("{}: cannot record the forwarded position", sandbox, full);
        }
        return true;
    }

    private void deliver(Source source, List<String> lines) {
        if (translator.isEmpty()) {
            listener.onOutput(sandbox, source, lines);
            return;
        }
        List<JsonText> entries = translator.get().entries(source, lines);
        if (!entries.isEmpty()) {
            listener.onLogEntries(sandbox, entries);
        }
    }

    private void notifyEnded() {
        if (!finish()) {
            return;
        }
        try {
            listener.onExit(sandbox);
        } catch (RuntimeException | Error thrown) {
            LOG.warn("{}: the listener threw when it was notified of the end", sandbox, thrown);
        }
    }

    private synchronized boolean finish() {
        done = true;
        return !endSuppressed;
    }

    private synchronized boolean hasOutputEnded() {
        return outputEnded;
    }

    private synchronized boolean isFinishingQuickly() {
        return finishingQuickly;
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized void recordProgress() {
        progressAt = System.nanoTime();
    }

    private synchronized void setProblem(String what) {
        problem = Optional.of(what);
    }

    private synchronized void awaitLines() {
        if (!outputEnded && !stopped) {
            pause(timing.pollInterval());
        }
    }

    private synchronized void awaitListener(int failures) {
        Duration pause =
                timing.initialRetryDelay().multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        Duration bounded =
                pause.compareTo(timing.maxRetryDelay()) < 0 ? pause : timing.maxRetryDelay();
        long until = System.nanoTime() + bounded.toNanos();
        for (long rest = bounded.toNanos(); rest > 0 && !finishingQuickly && !stopped; ) {
            pause(Duration.ofNanos(rest));
            rest = until - System.nanoTime();
        }
    }

    private synchronized void awaitEnd() {
        while (!outputEnded && !stopped) {
            pause(timing.maxRetryDelay());
        }
    }

    /**
     * Pauses the thread. The thread is stopped through the {@code stopped} flag, never by an
     * interrupt. An interrupt can only come from a listener, so it is ignored.
     */
    private synchronized void pause(Duration atMost) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, atMost.toNanos()));
        } catch (InterruptedException ignored) {
            LOG.debug("{}: interrupted", sandbox);
        }
    }
}
