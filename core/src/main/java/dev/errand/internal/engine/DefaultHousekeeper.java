package dev.errand.internal.engine;

import dev.errand.retention.Housekeeper;
import dev.errand.retention.HousekeepingListener;
import dev.errand.retention.HousekeepingResult;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.TaskSelection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The default implementation of {@link Housekeeper}. */
public final class DefaultHousekeeper implements Housekeeper {

    private static final Logger LOG = LoggerFactory.getLogger(DefaultHousekeeper.class);
    private static final int BATCH = 100;
    private static final long CLOSE_SECONDS = 10;

    private final Engine engine;
    private final RetentionPolicy policy;
    private final List<HousekeepingListener> listeners;
    private Optional<ScheduledExecutorService> executor = Optional.empty();
    private boolean isClosed;

    /** Creates a housekeeper that is not started. */
    public DefaultHousekeeper(
            Engine engine, RetentionPolicy policy, List<HousekeepingListener> listeners) {
        this.engine = engine;
        this.policy = policy;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public HousekeepingResult runOnce() {
        RetentionStore retention = engine.backend().retention();
        Instant now = engine.backend().clock().instant();
        Instant deletedBefore = now.minus(policy.deletedTasks());
        Due due = new Due();
        due.erase(
                policy.deletedTasks(),
                () -> retention.eraseTasks(new TaskSelection.DeletedBefore(deletedBefore), BATCH));
        policy.endedTasks()
                .forEach(
                        (status, kept) -> {
                            TaskSelection ended =
                                    new TaskSelection.EndedBefore(status, now.minus(kept));
                            due.erase(kept, () -> retention.eraseTasks(ended, BATCH));
                        });
        policy.logs()
                .ifPresent(
                        kept -> due.erase(kept, () -> retention.eraseLogs(now.minus(kept), BATCH)));
        due.erase(Duration.ZERO, () -> retention.eraseExpired(BATCH));
        HousekeepingResult result = due.result(now, ObjectDeletion.deleteAll(engine));
        if (result.erased().total() > 0) {
            LOG.info("erased {}, overdue by up to {}", result.erased(), result.lag());
        }
        listeners.forEach(listener -> call(listener, result));
        return result;
    }

    /** Erases in batches, and adds up what was erased. */
    private static final class Due {
        private ErasedData erased = ErasedData.NOTHING;
        private Optional<Instant> oldestDue = Optional.empty();

        /**
         * Erases until a batch is empty.
         *
         * @param kept how long the items are kept, from which the time follows at which they are
         *     due
         */
        void erase(Duration kept, Supplier<ErasedData> batch) {
            ErasedData last;
            do {
                last = batch.get();
                erased = erased.plus(last);
                Optional<Instant> due = last.oldest().map(oldest -> oldest.plus(kept));
                if (due.isPresent() && due.get().isBefore(oldestDue.orElse(Instant.MAX))) {
                    oldestDue = due;
                }
            } while (last.total() > 0 && !Thread.currentThread().isInterrupted());
        }

        HousekeepingResult result(Instant now, long objects) {
            Duration lag = oldestDue.map(due -> Duration.between(due, now)).orElse(Duration.ZERO);
            return new HousekeepingResult(
                    new ErasedData(
                            erased.tasks(),
                            erased.runs(),
                            erased.logs(),
                            erased.secrets(),
                            erased.uploads(),
                            erased.answers(),
                            objects,
                            erased.oldest()),
                    lag);
        }
    }

    private static void call(HousekeepingListener listener, HousekeepingResult result) {
        try {
            listener.onCompleted(result);
        } catch (RuntimeException | Error failure) { // The other listeners are called anyway.
            LOG.warn("listener {} failed", listener, failure);
        }
    }

    @Override
    public synchronized void start(Duration interval) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("interval must be positive, not " + interval);
        }
        if (isClosed) {
            throw new IllegalStateException("the housekeeper is closed");
        }
        if (executor.isPresent()) {
            return;
        }
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        work -> {
                            Thread thread = new Thread(work, "errand-housekeeper");
                            thread.setDaemon(true);
                            return thread;
                        });
        started.scheduleWithFixedDelay(
                this::runAndLog, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        executor = Optional.of(started);
    }

    private void runAndLog() {
        try {
            runOnce();
        } catch (RuntimeException | Error failure) { // An executor does not repeat what throws.
            LOG.warn("housekeeping failed; it is repeated after the interval", failure);
            UncaughtErrors.report(failure);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        stop();
    }

    @Override
    public void stop() {
        Optional<ScheduledExecutorService> stopped;
        synchronized (this) {
            stopped = executor;
            executor = Optional.empty();
        }
        if (stopped.isEmpty()) {
            return;
        }
        stopped.get().shutdownNow();
        try {
            if (!stopped.get().awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the storage did not answer; the last batch may still be erased");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
