package dev.errand.internal.watch;

import dev.errand.config.WatchOptions;
import dev.errand.run.RunUpdate;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import dev.errand.spi.store.RunSignals;
import dev.errand.spi.task.TaskId;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The watched runs of one engine. A run is read when this node or another one announces a change,
 * and at each poll interval. Thread-safe.
 */
public final class RunWatchers implements AutoCloseable {

    private static final int THREADS = 4;
    private static final int IDLE_SECONDS = 1;

    /** How much longer the poll interval is if changes are announced. */
    private static final int ANNOUNCED_FACTOR = 10;

    private final Backend backend;
    private final Clock clock;
    private final WatchOptions options;
    private final Executor executor;
    private final Optional<ExecutorService> ownExecutor;
    private final Map<RunId, RunTail> tails = new ConcurrentHashMap<>();

    // Guarded by this.
    private Optional<RunSignals.Subscription> listening = Optional.empty();
    private boolean isPolling;
    private boolean isClosed;

    /**
     * Creates an instance without watched runs.
     *
     * @param executor reads runs and calls subscribers; empty for threads of its own
     */
    public RunWatchers(
            Backend backend, Clock clock, WatchOptions options, Optional<Executor> executor) {
        this.backend = backend;
        this.clock = clock;
        this.options = options;
        this.ownExecutor = executor.isPresent() ? Optional.empty() : Optional.of(newExecutor());
        this.executor = executor.or(() -> ownExecutor).orElseThrow();
    }

    private static ExecutorService newExecutor() {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread =
                                    new Thread(task, "errand-watch-" + count.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Announces a change of a run or its log that was just stored, to this node and to others: at
     * once or, in a transaction of the host, after its commit.
     */
    public void changed(RunId run) {
        backend.hostTransaction()
                .ifPresentOrElse(
                        transaction -> transaction.afterCommit(() -> announce(run)),
                        () -> announce(run));
    }

    private void announce(RunId run) {
        refresh(run);
        backend.changeSignals().ifPresent(signals -> signals.send(run));
    }

    private void refresh(RunId run) {
        RunTail tail = tails.get(run);
        if (tail != null) {
            tail.refresh();
        }
    }

    /**
     * Subscribes to a run that exists.
     *
     * @param after the position of the log after which to start; 0 if the log is shorter
     */
    public void subscribe(
            ProjectId project,
            TaskId task,
            RunId run,
            long after,
            Flow.Subscriber<? super RunUpdate> subscriber) {
        RunTail[] used = new RunTail[1];
        RunSubscription[] added = new RunSubscription[1];
        tails.compute(
                run,
                (same, existing) -> {
                    RunTail tail = existing == null ? newTail(project, task, run) : existing;
                    used[0] = tail;
                    added[0] =
                            new RunSubscription(
                                    tail, subscriber, after, executor, each -> remove(run, each));
                    tail.add(added[0]);
                    return tail;
                });
        subscriber.onSubscribe(added[0]);
        added[0].subscribed();
        if (startPolling()) {
            used[0].refresh();
        } else {
            added[0].abort(closed());
        }
    }

    private RunTail newTail(ProjectId project, TaskId task, RunId run) {
        return new RunTail(backend, project, task, run, clock, options.endGrace(), executor);
    }

    private void remove(RunId run, RunSubscription subscription) {
        tails.computeIfPresent(
                run, (same, tail) -> tail.isEmptyWithout(subscription) ? null : tail);
    }

    /** Starts to listen and to poll if that has not begun. Returns false if this is closed. */
    private synchronized boolean startPolling() {
        if (!isPolling && !isClosed) {
            isPolling = true;
            if (listening.isEmpty()) {
                listening = backend.changeSignals().map(signals -> signals.listen(this::onSignal));
            }
            pollLater();
        }
        return !isClosed;
    }

    /** A signal without a run means that signals may have been missed. */
    private void onSignal(Optional<RunId> run) {
        run.ifPresentOrElse(this::refresh, () -> tails.values().forEach(RunTail::refresh));
    }

    private void pollLater() {
        boolean isAnnounced =
                backend.changeSignals().isPresent()
                        || !backend.capabilities().contains(BackendCapability.SHARED);
        Duration interval = options.pollInterval().multipliedBy(isAnnounced ? ANNOUNCED_FACTOR : 1);
        CompletableFuture.delayedExecutor(interval.toNanos(), TimeUnit.NANOSECONDS, executor)
                .execute(this::poll);
    }

    private void poll() {
        if (endPolling()) {
            return;
        }
        for (RunTail tail : tails.values()) {
            tail.trim();
            tail.refresh();
        }
        pollLater();
    }

    /** Ends listening and polling if no run is watched, and returns whether it did. */
    private boolean endPolling() {
        Optional<RunSignals.Subscription> ended;
        synchronized (this) {
            if (!isClosed && !tails.isEmpty()) {
                return false;
            }
            isPolling = false;
            ended = listening;
            listening = Optional.empty();
        }
        ended.ifPresent(RunSignals.Subscription::close);
        return true;
    }

    private static CancellationException closed() {
        return new CancellationException("the engine was closed");
    }

    /** Ends all subscriptions with a {@link CancellationException}. */
    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        for (RunTail tail : tails.values()) {
            tail.subscriptions().forEach(each -> each.abort(closed()));
        }
        endPolling();
        ownExecutor.ifPresent(ExecutorService::shutdown);
    }
}
