package dev.errand.process;

import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxListener.Source;
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
 * Tells one listener what one sandbox prints, on a thread of its own, so that a slow listener holds
 * up nobody else. Every batch is told until it was taken, and none after it before; the end is told
 * last.
 */
final class Teller {

    private static final Logger LOG = LoggerFactory.getLogger(Teller.class);
    private static final int MAX_DOUBLINGS = 20;

    private final SandboxId sandbox;
    private final SandboxDirectory directory;
    private final SandboxListener listener;
    private final int maxLineBytes;
    private final Pace pace;
    private final Runnable atEnd;
    private final Thread thread;

    // guarded by this
    private boolean outputEnded;
    private boolean hurried;
    private boolean silenced;
    private boolean left;
    private boolean done;
    private long progressAt;
    private Optional<String> problem = Optional.empty();

    /**
     * Not started yet.
     *
     * @param atEnd what to do when it tells nothing any more
     */
    Teller(
            SandboxId sandbox,
            SandboxDirectory directory,
            SandboxListener listener,
            int maxLineBytes,
            Pace pace,
            Runnable atEnd) {
        this.sandbox = sandbox;
        this.directory = directory;
        this.listener = listener;
        this.maxLineBytes = maxLineBytes;
        this.pace = pace;
        this.atEnd = atEnd;
        this.thread =
                new Thread(this::run, "errand-sandbox-" + sandbox.run() + "-" + sandbox.attempt());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Nobody prints any more: the rest is told, and then that the sandbox ended. */
    synchronized void outputEnded() {
        if (!outputEnded) {
            outputEnded = true;
            progressAt = System.nanoTime();
            notifyAll();
        }
    }

    /**
     * Whether all was told. Also true where a listener that throws or hangs took nothing for too
     * long after the end: it is told further, but nobody waits for it.
     */
    synchronized boolean isDone() {
        return done || outputEnded && System.nanoTime() - progressAt > pace.patience().toNanos();
    }

    /** What could not be told, and why. */
    synchronized Optional<String> problem() {
        return problem;
    }

    /** The end is not told. */
    synchronized void silence() {
        silenced = true;
    }

    /** Nobody prints any more and nobody waits: the rest is told if it is taken at once. */
    synchronized void hurry() {
        silence();
        hurried = true;
        outputEnded();
        notifyAll();
    }

    /** What is being told is told to its end, and nothing after it: somebody else goes on. */
    synchronized void leave() {
        silence();
        left = true;
        notifyAll();
    }

    /** Waits for the thread to end; false if it did not in time. */
    boolean join(Duration atMost) throws InterruptedException {
        thread.join(Math.max(1, atMost.toMillis()));
        return !thread.isAlive();
    }

    private void run() {
        try {
            tell();
        } finally {
            atEnd.run();
        }
    }

    private void tell() {
        try (ToldPositions positions = new ToldPositions(directory.told());
                LineTail output = tail(directory.standardOutput(), positions, Source.STDOUT);
                LineTail error = tail(directory.standardError(), positions, Source.STDERR)) {
            Map<Source, LineTail> tails = new EnumMap<>(Source.class);
            tails.put(Source.STDOUT, output);
            tails.put(Source.STDERR, error);
            tellAll(tails, positions);
        } catch (IOException unreadable) {
            LOG.error("{}: cannot read what it printed; the rest is not told", sandbox, unreadable);
            remember("what it printed could not be read to the end");
            awaitEnd();
        }
        tellEnd();
    }

    private LineTail tail(Path file, ToldPositions positions, Source source) throws IOException {
        return new LineTail(file, positions.get(source), maxLineBytes);
    }

    private void tellAll(Map<Source, LineTail> tails, ToldPositions positions) throws IOException {
        int failures = 0;
        while (!isLeft()) {
            boolean last = hasOutputEnded();
            try {
                boolean told = false;
                for (Map.Entry<Source, LineTail> tail : tails.entrySet()) {
                    told |= tell(tail.getKey(), tail.getValue(), last, positions);
                }
                failures = 0;
                if (!told && last) {
                    return;
                }
                if (!told) {
                    awaitLines();
                }
            } catch (RuntimeException | Error thrown) {
                if (isLeft()) {
                    return;
                }
                if (isHurried()) {
                    LOG.warn("{}: the listener threw; the rest is not told", sandbox, thrown);
                    return;
                }
                if (failures == 0) {
                    LOG.warn("{}: the listener threw; it is told again", sandbox, thrown);
                } else {
                    LOG.warn("{}: the listener threw again: {}", sandbox, thrown.toString());
                }
                awaitListener(failures++);
            }
        }
    }

    private boolean tell(Source source, LineTail tail, boolean last, ToldPositions positions)
            throws IOException {
        List<String> lines = tail.next(last);
        if (lines.isEmpty()) {
            return false;
        }
        listener.onOutput(sandbox, source, lines);
        tail.told();
        madeProgress();
        try {
            positions.set(source, tail.position());
        } catch (IOException full) {
            // Only a restart would miss it, and tell these lines again.
            LOG.warn("{}: cannot write down what was told", sandbox, full);
        }
        return true;
    }

    private void tellEnd() {
        if (!finishTelling()) {
            return;
        }
        try {
            listener.onExit(sandbox);
        } catch (RuntimeException | Error thrown) {
            LOG.warn("{}: the listener threw when told of the end", sandbox, thrown);
        }
    }

    private synchronized boolean finishTelling() {
        done = true;
        return !silenced;
    }

    private synchronized boolean hasOutputEnded() {
        return outputEnded;
    }

    private synchronized boolean isHurried() {
        return hurried;
    }

    private synchronized boolean isLeft() {
        return left;
    }

    private synchronized void madeProgress() {
        progressAt = System.nanoTime();
    }

    private synchronized void remember(String what) {
        problem = Optional.of(what);
    }

    private synchronized void awaitLines() {
        if (!outputEnded && !left) {
            pause(pace.poll());
        }
    }

    private synchronized void awaitListener(int failures) {
        Duration pause = pace.firstPause().multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        Duration bounded = pause.compareTo(pace.longestPause()) < 0 ? pause : pace.longestPause();
        long until = System.nanoTime() + bounded.toNanos();
        for (long rest = bounded.toNanos(); rest > 0 && !hurried && !left; ) {
            pause(Duration.ofNanos(rest));
            rest = until - System.nanoTime();
        }
    }

    private synchronized void awaitEnd() {
        while (!outputEnded && !left) {
            pause(pace.longestPause());
        }
    }

    /**
     * The thread is told to stop in words; an interrupt can only be a listener's leftover and is
     * dropped.
     */
    private synchronized void pause(Duration atMost) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, atMost.toNanos()));
        } catch (InterruptedException leftOver) {
            LOG.debug("{}: interrupted", sandbox);
        }
    }
}
