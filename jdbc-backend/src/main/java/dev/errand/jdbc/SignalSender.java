package dev.errand.jdbc;

import dev.errand.spi.run.RunId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Sends signals so that nobody waits for it: those that come together meanwhile go as one, and one
 * follows the other after a pause, so that many cost little. Its thread ends when there was nothing
 * to send for a while, or when it is closed. Thread-safe.
 */
final class SignalSender implements AutoCloseable {

    /** As many ids as one payload of PostgreSQL has room for. */
    private static final int MAX_BATCH = 200;

    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final System.Logger LOG = System.getLogger("dev.errand.jdbc.signals");

    private final Consumer<List<RunId>> send;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<RunId> waiting = new ArrayDeque<>();
    private Thread thread;
    private boolean closed;

    SignalSender(Consumer<List<RunId>> send) {
        this.send = send;
    }

    /** Sends a signal soon. Of very many some are left out: the others say enough. */
    void send(RunId run) {
        lock.lock();
        try {
            if (closed || waiting.size() >= MAX_BATCH) {
                return;
            }
            waiting.add(run);
            if (thread == null) {
                thread = new Thread(this::work, "errand-signal-sender");
                thread.setDaemon(true);
                thread.start();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (List<RunId> next = next(); !next.isEmpty(); next = next()) {
            try {
                send.accept(next);
            } catch (RuntimeException e) {
                // Whoever was to be told looks by itself now and then.
                LOG.log(System.Logger.Level.DEBUG, "a signal was lost", e);
            }
            pause();
        }
    }

    /** What is to be sent next; nothing if this thread is to end. */
    private List<RunId> next() {
        lock.lock();
        try {
            long left = IDLE_NANOS;
            while (waiting.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<RunId> next = closed ? List.of() : new ArrayList<>(waiting);
            waiting.clear();
            if (next.isEmpty()) {
                thread = null;
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thread = null;
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        lock.lock();
        try {
            long left = PAUSE_NANOS;
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
