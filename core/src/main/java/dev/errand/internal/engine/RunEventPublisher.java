package dev.errand.internal.engine;

import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.store.HostTransaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports committed changes to listeners, the changes of one run in commit order. Thread-safe.
 *
 * <p>A change is committed and queued under a lock, so that no other change of the same run comes
 * between. Runs share a fixed number of locks. Listeners are called by one daemon thread, which
 * ends when it has been idle for a second.
 *
 * <p>A change in a transaction of the host is published after the host has committed. It is made
 * without the lock: another thread may hold the lock while it waits for a row that the transaction
 * has locked.
 */
public final class RunEventPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunEventPublisher.class);
    private static final int LOCKS = 64;
    private static final int IDLE_SECONDS = 1;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    /** Events hold runs, so that slow listeners would exhaust the memory without a limit. */
    private static final int MAX_WAITING = 10_000;

    private final List<RunListener> listeners;
    private final Supplier<Optional<HostTransaction>> hostTransaction;
    private final Consumer<RunId> onChange;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
    private final EventSequence sequence = new EventSequence(this::deliver);
    private final ThreadPoolExecutor executor;
    private final AtomicLong dropped = new AtomicLong();
    private final Duration closeLimit;

    /**
     * Creates a publisher.
     *
     * @param listeners called in this order
     * @param hostTransaction returns the transaction of the host in which the current thread makes
     *     its changes
     * @param onChange called by the thread that changed a run, in no order; in a transaction of the
     *     host, before its end
     */
    public RunEventPublisher(
            List<RunListener> listeners,
            Supplier<Optional<HostTransaction>> hostTransaction,
            Consumer<RunId> onChange) {
        this(listeners, hostTransaction, onChange, MAX_WAITING, CLOSE_LIMIT);
    }

    /** As above, with other limits, for tests. */
    RunEventPublisher(
            List<RunListener> listeners,
            Supplier<Optional<HostTransaction>> hostTransaction,
            Consumer<RunId> onChange,
            int maxWaiting,
            Duration closeLimit) {
        this.closeLimit = closeLimit;
        this.listeners = List.copyOf(listeners);
        this.hostTransaction = hostTransaction;
        this.onChange = onChange;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
        this.executor =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(maxWaiting),
                        task -> {
                            Thread thread = new Thread(task, "errand-events");
                            thread.setDaemon(true);
                            return thread;
                        });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Commits a change of a run and publishes it.
     *
     * @param event the event for the result of the commit, or empty if nothing was changed
     * @return the result of the commit
     */
    public <T> T commitAndPublish(
            RunId run, Supplier<T> commit, Function<T, Optional<RunEvent>> event) {
        return commitAndPublish(
                () -> List.of(run), commit, result -> event.apply(result).stream().toList());
    }

    /**
     * Commits changes of several runs in one step and publishes them.
     *
     * @param runs the runs that may change; not called if there are no listeners
     * @param events the events for the result of the commit, in order
     * @return the result of the commit
     */
    public <T> T commitAndPublish(
            Supplier<List<RunId>> runs, Supplier<T> commit, Function<T, List<RunEvent>> events) {
        Optional<HostTransaction> transaction = hostTransaction.get();
        if (listeners.isEmpty() || transaction.isPresent()) {
            T result = commit.get();
            for (RunEvent event : events.apply(result)) {
                transaction
                        .filter(present -> !listeners.isEmpty())
                        .ifPresent(present -> sequence.addHeld(event, present));
                announce(event);
            }
            return result;
        }
        // Always in ascending order, so that two threads cannot deadlock.
        int[] indexes =
                runs.get().stream()
                        .mapToInt(RunEventPublisher::lockIndex)
                        .sorted()
                        .distinct()
                        .toArray();
        int held = 0;
        try {
            for (; held < indexes.length; held++) {
                locks[indexes[held]].lock();
            }
            T result = commit.get();
            for (RunEvent event : events.apply(result)) {
                sequence.add(event);
                announce(event);
            }
            return result;
        } finally {
            while (held > 0) {
                locks[indexes[--held]].unlock();
            }
        }
    }

    private static int lockIndex(RunId run) {
        return (run.hashCode() & Integer.MAX_VALUE) % LOCKS;
    }

    private void announce(RunEvent event) {
        if (event instanceof RunEvent.RunChanged change) {
            onChange.accept(change.run().id());
        }
    }

    /** Publishes a stored change that needs no order relative to others. */
    public void publish(RunEvent event) {
        announce(event);
        if (!listeners.isEmpty()) {
            hostTransaction
                    .get()
                    .ifPresentOrElse(
                            transaction -> sequence.addHeld(event, transaction),
                            () -> sequence.add(event));
        }
    }

    /**
     * Queues an event. It is dropped if too many events wait: a listener may itself wait for the
     * thread that publishes, so that thread must not wait for the listener.
     */
    private void deliver(RunEvent event) {
        try {
            executor.execute(() -> listeners.forEach(listener -> call(listener, event)));
            long missing = dropped.getAndSet(0);
            if (missing > 0) {
                LOG.warn("dropped {} events, because the listeners are too slow", missing);
            }
        } catch (RejectedExecutionException rejected) {
            if (executor.isShutdown()) {
                LOG.debug("dropped {} because the engine is closed", nameOf(event));
            } else if (dropped.getAndIncrement() == 0) {
                LOG.warn(
                        "dropping events, because {} wait for the listeners",
                        executor.getQueue().size());
            }
        }
    }

    private static void call(RunListener listener, RunEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException | Error failure) { // The other listeners are called anyway.
            LOG.warn("listener {} failed on {}", listener, nameOf(event), failure);
            UncaughtErrors.report(failure);
        }
    }

    private static String nameOf(RunEvent event) {
        return event.getClass().getSimpleName();
    }

    /**
     * Waits up to ten seconds until all published events were delivered. Then abandons those that
     * still wait, says how many they are, and interrupts the listener that is being called.
     */
    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        try {
            if (executor.awaitTermination(closeLimit.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException whileWaiting) {
            interrupted = true;
        }
        List<Runnable> abandoned = executor.shutdownNow();
        LOG.warn(
                "a listener did not return before the engine was closed; abandoned {} events that"
                        + " waited for it",
                abandoned.size());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
