package dev.errand.internal.engine;

import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of committed changes, those of one run in the order they were committed.
 *
 * <p>Commit and hand-over of one run's change are one step under a lock that runs share by chance;
 * listeners are called by one thread, which exists only while there is something to tell.
 * Thread-safe.
 */
public final class Events implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int STRIPES = 64;
    private static final int IDLE_SECONDS = 1;
    private static final int CLOSE_SECONDS = 10;

    private final List<RunListener> listeners;
    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];
    private final ThreadPoolExecutor teller;

    /** Tells these listeners, in this order. */
    public Events(List<RunListener> listeners) {
        this.listeners = List.copyOf(listeners);
        for (int i = 0; i < STRIPES; i++) {
            locks[i] = new ReentrantLock();
        }
        this.teller =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread = new Thread(task, "errand-events");
                            thread.setDaemon(true);
                            return thread;
                        });
        teller.allowCoreThreadTimeOut(true);
    }

    /**
     * Commits a change of a run and tells of it, in order with the run's other changes.
     *
     * @param event what to tell of the commit's answer; null for nothing
     */
    public <T> T committing(RunId run, Supplier<T> commit, Function<T, RunEvent> event) {
        if (listeners.isEmpty()) {
            return commit.get();
        }
        ReentrantLock lock = locks[stripe(run)];
        lock.lock();
        try {
            T answer = commit.get();
            RunEvent committed = event.apply(answer);
            if (committed != null) {
                tell(committed);
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Commits changes of several runs in one step and tells of them, in order with the other
     * changes of each.
     */
    public <T> T committingAll(
            Supplier<List<RunId>> runs, Supplier<T> commit, Function<T, List<RunEvent>> events) {
        if (listeners.isEmpty()) {
            return commit.get();
        }
        // Everybody takes the locks in one order, so that no two wait for each other.
        int[] stripes = runs.get().stream().mapToInt(Events::stripe).sorted().distinct().toArray();
        int held = 0;
        try {
            for (; held < stripes.length; held++) {
                locks[stripes[held]].lock();
            }
            T answer = commit.get();
            events.apply(answer).forEach(this::tell);
            return answer;
        } finally {
            while (held > 0) {
                locks[stripes[--held]].unlock();
            }
        }
    }

    private static int stripe(RunId run) {
        return (run.hashCode() & Integer.MAX_VALUE) % STRIPES;
    }

    /** Tells of a committed change that no other can overtake. */
    public void tell(RunEvent event) {
        if (!listeners.isEmpty()) {
            try {
                teller.execute(() -> listeners.forEach(listener -> tell(listener, event)));
            } catch (RejectedExecutionException closed) {
                LOG.debug("nobody is told of {} any more", event.getClass().getSimpleName());
            }
        }
    }

    private static void tell(RunListener listener, RunEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException | Error failure) { // The others are told all the same.
            LOG.warn(
                    "listener {} failed on {}",
                    listener,
                    event.getClass().getSimpleName(),
                    failure);
        }
    }

    /** Tells what is left to tell, for a bounded time. */
    @Override
    public void close() {
        teller.shutdown();
        try {
            if (!teller.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{} events were not told before closing", teller.getQueue().size());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
