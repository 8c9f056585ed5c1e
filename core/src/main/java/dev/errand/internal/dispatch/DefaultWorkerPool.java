package dev.errand.internal.dispatch;

import dev.errand.dispatch.WorkerPool;
import dev.errand.internal.engine.Engine;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.RunSignals;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The implementation of {@link WorkerPool}: its lifecycle. {@link WorkerCycle} is the algorithm.
 */
final class DefaultWorkerPool implements WorkerPool {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

    private enum State {
        STOPPED,
        STARTED,
        CLOSED
    }

    private final Engine engine;
    private final WorkerPoolOptions options;
    private final DispatcherRegistry.Registration registration;

    /** Guards the fields below; held during start, stop, close and runOnce. */
    private final ReentrantLock lifecycle = new ReentrantLock();

    private volatile State state = State.STOPPED;
    private volatile WorkerCycle cycle;
    private Optional<ExecutorService> ownExecutor = Optional.empty();
    private Optional<CountDownLatch> loopEnd = Optional.empty();
    private Optional<RunSignals.Subscription> subscription = Optional.empty();

    DefaultWorkerPool(Engine engine, DispatcherRegistry registry, WorkerPoolOptions options) {
        this.engine = engine;
        this.options = options;
        this.cycle = newCycle(options.executor().orElse(Runnable::run));
        this.registration = registry.register(this::check, Optional.empty());
    }

    private WorkerCycle newCycle(Executor executor) {
        return new WorkerCycle(engine, options, executor);
    }

    private void check(RunId run) {
        cycle.check(run);
    }

    @Override
    public void start() {
        lifecycle.lock();
        try {
            requireNotClosed();
            if (state == State.STARTED) {
                throw new IllegalStateException(
                        "worker pool %s is started already; call stop() before start()"
                                .formatted(options.node()));
            }
            finishCycles(); // Runs that runOnce() claimed.
            try {
                startLoop();
            } catch (RuntimeException | Error failure) {
                stopLoop();
                throw failure;
            }
            state = State.STARTED;
        } finally {
            lifecycle.unlock();
        }
    }

    private void startLoop() {
        Executor executor =
                options.executor()
                        .orElseGet(
                                () -> {
                                    ExecutorService own = newThreads();
                                    ownExecutor = Optional.of(own);
                                    return own;
                                });
        WorkerCycle started = newCycle(executor);
        CountDownLatch end = new CountDownLatch(1);
        started.open();
        cycle = started;
        executor.execute(() -> loop(started, end));
        loopEnd = Optional.of(end);
        subscription = engine.backend().signals().map(signals -> signals.listen(this::onSignal));
    }

    /** One thread for the loop and one for each handler. */
    private ExecutorService newThreads() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(
                options.size() + 1,
                task -> {
                    String name =
                            "errand-worker-" + options.node() + "-" + number.incrementAndGet();
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private void loop(WorkerCycle started, CountDownLatch end) {
        try {
            started.loop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            LOG.warn(
                    "the loop of worker pool {} was interrupted; call stop() and start() to"
                            + " continue",
                    options.node());
        } finally {
            end.countDown();
        }
    }

    /** A signal without a run means that signals may have been missed. */
    private void onSignal(Optional<RunId> run) {
        run.ifPresentOrElse(this::check, () -> cycle.checkAll());
    }

    @Override
    public void stop() {
        lifecycle.lock();
        try {
            if (state != State.CLOSED) {
                stopLoop();
                state = State.STOPPED;
            }
        } finally {
            lifecycle.unlock();
        }
    }

    @Override
    public void close() {
        lifecycle.lock();
        try {
            if (state != State.CLOSED) {
                registration.close();
                stopLoop();
                state = State.CLOSED;
            }
        } finally {
            lifecycle.unlock();
        }
    }

    private void stopLoop() {
        subscription.ifPresent(RunSignals.Subscription::close);
        subscription = Optional.empty();
        finishCycles();
        ownExecutor.ifPresent(ExecutorService::shutdown);
        ownExecutor = Optional.empty();
        cycle = newCycle(options.executor().orElse(Runnable::run)); // For runOnce().
    }

    private void finishCycles() {
        cycle.beginStop();
        try {
            cycle.awaitHandlers();
            cycle.closeInbox();
            if (loopEnd.isPresent()) {
                loopEnd.get().await(options.gracePeriod().toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            cycle.closeInbox();
        }
        loopEnd = Optional.empty();
        cycle.finish();
    }

    @Override
    public int runOnce() {
        lifecycle.lock();
        try {
            requireNotClosed();
            if (state == State.STARTED) {
                throw new IllegalStateException(
                        "worker pool %s is started; call stop() before runOnce()"
                                .formatted(options.node()));
            }
            return cycle.runOnce();
        } finally {
            lifecycle.unlock();
        }
    }

    private void requireNotClosed() {
        if (state == State.CLOSED) {
            throw new IllegalStateException(
                    "worker pool %s is closed; call Errand.workerPool(...) to create another one"
                            .formatted(options.node()));
        }
    }

    @Override
    public int runningHandlers() {
        return cycle.runningHandlers();
    }
}
