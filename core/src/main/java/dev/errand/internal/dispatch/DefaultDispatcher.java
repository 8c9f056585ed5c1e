package dev.errand.internal.dispatch;

import dev.errand.access.SandboxTokens;
import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.UncaughtErrors;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.RunSignals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The implementation of {@link Dispatcher}: its lifecycle and its loop. {@link DispatchCycle} is
 * the algorithm.
 */
public final class DefaultDispatcher implements Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private enum State {
        STOPPED,
        STARTED,
        CLOSED
    }

    private final Engine engine;
    private final DispatchOptions options;
    private final Optional<Executor> hostExecutor;
    private final SlotTable slots;
    private final LoopInbox<PendingSettlement> inbox;
    private final DispatchCycle cycle;
    private final DispatcherRegistry.Registration registration;

    /** Guards the fields below; held while the dispatcher starts and stops. */
    private final ReentrantLock lifecycle = new ReentrantLock();

    private volatile State state = State.STOPPED;
    private Optional<ExecutorService> ownExecutor = Optional.empty();
    private Optional<TrackingExecutor> executor = Optional.empty();
    private Optional<RunSignals.Subscription> subscription = Optional.empty();

    /**
     * Creates a dispatcher and registers it.
     *
     * @param registry lists this dispatcher until the dispatcher is closed
     * @param hostExecutor the host's executor, or empty for own threads
     */
    public DefaultDispatcher(
            Engine engine,
            SandboxTokens tokens,
            DispatcherRegistry registry,
            SandboxLauncher launcher,
            DispatchOptions options,
            List<DispatchListener> dispatchListeners,
            Optional<Executor> hostExecutor) {
        this.engine = engine;
        this.options = options;
        this.hostExecutor = hostExecutor;
        this.slots = new SlotTable(options.slots());
        this.inbox = new LoopInbox<>(options.pollInterval());
        DispatchListeners listeners = new DispatchListeners(dispatchListeners);
        LauncherClient client =
                new LauncherClient(engine, launcher, new SandboxCallbacks(engine, slots, inbox));
        LeasedWriter writer = new LeasedWriter(engine, listeners);
        RunSupervisor supervisor =
                new RunSupervisor(engine, tokens, options, client, writer, listeners);
        this.cycle =
                new DispatchCycle(engine, options, slots, inbox, writer, supervisor, listeners);
        this.registration = registry.register(this::check, Optional.of(options));
    }

    @Override
    public void start() {
        lifecycle.lock();
        try {
            requireNotClosed();
            if (state == State.STARTED) {
                throw new IllegalStateException(
                        "dispatcher %s is started already; call stop() before start()"
                                .formatted(options.node()));
            }
            state = State.STARTED;
            try {
                startLoop();
            } catch (RuntimeException | Error failure) {
                stopLoop();
                cycle.setClaimingEnabled(true); // For runOnce().
                state = State.STOPPED;
                throw failure;
            }
        } finally {
            lifecycle.unlock();
        }
    }

    private void startLoop() {
        ownExecutor = hostExecutor.isPresent() ? Optional.empty() : Optional.of(newThreads());
        TrackingExecutor tracker =
                new TrackingExecutor(hostExecutor.orElseGet(() -> ownExecutor.orElseThrow()));
        executor = Optional.of(tracker);
        cycle.useExecutor(tracker);
        cycle.setClaimingEnabled(true);
        inbox.open();
        tracker.execute(this::loop);
        subscription = engine.backend().signals().map(signals -> signals.listen(this::onSignal));
    }

    /** One thread for the loop and one for each slot. */
    private ExecutorService newThreads() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(
                options.slots() + 1,
                task -> {
                    String name =
                            "errand-dispatcher-" + options.node() + "-" + number.incrementAndGet();
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private void loop() {
        try {
            LoopInbox.Reason reason = inbox.await();
            while (reason != LoopInbox.Reason.CLOSED) {
                runCycle(reason == LoopInbox.Reason.CHECK_ALL);
                reason = inbox.await();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            LOG.warn(
                    "the loop of dispatcher {} was interrupted; call stop() and start() to continue",
                    options.node());
        }
    }

    /**
     * Storage may be unavailable for a while. Nothing is lost: the next cycle continues. An error
     * does not end the loop either, because then no run would be supervised any more.
     */
    private void runCycle(boolean checksAll) {
        try {
            cycle.run(checksAll);
        } catch (RuntimeException | Error failure) {
            LOG.warn(
                    "a cycle of dispatcher {} failed; it is retried in the next cycle",
                    options.node(),
                    failure);
            UncaughtErrors.report(failure);
        }
    }

    @Override
    public void stop() {
        lifecycle.lock();
        try {
            if (state != State.CLOSED) {
                stopLoop();
                cycle.setClaimingEnabled(true); // For runOnce().
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
        cycle.setClaimingEnabled(false);
        inbox.close();
        subscription.ifPresent(RunSignals.Subscription::close);
        subscription = Optional.empty();
        executor.ifPresent(this::awaitIdle);
        executor = Optional.empty();
        cycle.useExecutor(Runnable::run);
        cycle.releaseAll();
        ownExecutor.ifPresent(ExecutorService::shutdown);
        ownExecutor = Optional.empty();
    }

    private void awaitIdle(TrackingExecutor tracker) {
        try {
            if (!tracker.awaitIdle(STOP_TIMEOUT)) {
                LOG.warn(
                        "dispatcher {} interrupts launcher calls that did not return within {}",
                        options.node(),
                        STOP_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int runOnce() {
        requireNotClosed();
        if (state == State.STARTED) {
            throw new IllegalStateException(
                    "dispatcher %s is started; call wakeUp() to trigger a cycle"
                            .formatted(options.node()));
        }
        cycle.run(true);
        cycle.settle();
        return supervisedRuns();
    }

    private void requireNotClosed() {
        if (state == State.CLOSED) {
            throw new IllegalStateException(
                    "dispatcher %s is closed; call Errand.dispatcher(...) to create another one"
                            .formatted(options.node()));
        }
    }

    @Override
    public void wakeUp() {
        inbox.requestFullCheck();
    }

    /** A signal without a run means that signals may have been missed. */
    private void onSignal(Optional<RunId> run) {
        run.ifPresentOrElse(this::check, this::wakeUp);
    }

    @Override
    public void check(RunId id) {
        slots.find(id)
                .ifPresent(
                        run -> {
                            run.requestRenewal();
                            run.requestCheck();
                        });
        inbox.wake();
    }

    @Override
    public int supervisedRuns() {
        return slots.supervised();
    }

    @Override
    public boolean drain(Duration timeout) {
        cycle.setClaimingEnabled(false);
        inbox.wake(); // Runs that wait for a slot are returned to the queue.
        try {
            return slots.awaitEmpty(timeout);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return supervisedRuns() == 0;
        }
    }
}
