package dev.errand.jdbc;

import dev.errand.spi.run.RunId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends signals asynchronously. Signals that arrive while others are sent form one batch, and
 * batches are separated by a pause, so that many signals cost little. The thread ends after it was
 * idle for a while, or when the sender is closed. Thread-safe.
 */
final class SignalSender implements AutoCloseable {

    /** The greatest number of ids that fit into one PostgreSQL payload. */
    private static final int MAX_BATCH = 200;

    private static final int MAX_WAITING = 10_000;

    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final System.Logger LOG = System.getLogger("dev.errand.jdbc.signals");

    private final Consumer<List<RunId>> send;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<RunId> waiting = new LinkedHashSet<>();
    private @Nullable Thread thread;
    private boolean closed;

    SignalSender(Consumer<List<RunId>> send) {
        this.send = send;
    }

    /**
     * Sends a signal asynchronously, once if it is still waiting to be sent. Drops it if very many
     * wait: listeners also poll.
     */
    void send(RunId run) {
        lock.lock();
        try {
            if (closed || waiting.size() >= MAX_WAITING) {
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
            } catch (RuntimeException | Error e) {
                // Signals only shorten the wait; listeners also poll.
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "a signal could not be sent; other nodes find the change at their next poll",
                        e);
            }
            pause();
        }
    }

    /** Returns the next batch, or an empty list if the thread must end. */
    private List<RunId> next() {
        lock.lock();
        try {
            long left = IDLE_NANOS;
            while (waiting.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<RunId> next = closed ? List.of() : waiting.stream().limit(MAX_BATCH).toList();
            next.forEach(waiting::remove);
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
