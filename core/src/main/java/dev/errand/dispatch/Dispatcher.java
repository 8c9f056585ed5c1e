package dev.errand.dispatch;

import dev.errand.RunTokens;
import dev.errand.engine.Engine;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.QueueSignals;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxRef;
import dev.errand.spi.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings queued cloud runs to execution: claims them under a lease, launches their sandboxes,
 * watches them, and records how they end (design 5, contract G6).
 *
 * <p>A host either {@linkplain #start starts} it, and then it owns one thread that looks and as
 * many as it has slots that act, or calls {@link #runOnce} itself. Started on a backend that
 * {@linkplain dev.errand.spi.Backend#signals() signals}, it also hears what other nodes queue, on a
 * thread and a connection of the backend. Any number of dispatchers may work on one storage.
 * Nothing that must survive lives in it: after a crash another one goes on. Thread-safe.
 */
public final class Dispatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final long CLOSE_SECONDS = 30;

    private final Engine engine;
    private final DispatchOptions options;
    private final Recorder recorder;
    private final Attendance attendance;
    private final Map<RunId, Supervised> supervised = new ConcurrentHashMap<>();
    private final AtomicInteger stuck = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signalled = lock.newCondition();
    private Optional<QueueSignals.Listening> listening = Optional.empty();
    private boolean signal;
    private boolean draining;
    private boolean closed;
    private Thread loop;
    private ExecutorService actors;

    /** Made by {@link dev.errand.Errand#dispatcher}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public Dispatcher(
            Engine engine,
            RunTokens tokens,
            SandboxLauncher launcher,
            DispatchOptions options,
            DispatchListener listener) {
        this.engine = engine;
        this.options = options;
        this.recorder = new Recorder(engine, listener);
        LauncherCalls calls = new LauncherCalls(engine, launcher, new Told());
        this.attendance = new Attendance(engine, tokens, calls, options, recorder);
    }

    /**
     * Begins to work, until it is closed.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public void start() {
        lock.lock();
        try {
            if (loop != null || closed) {
                throw new IllegalStateException("a dispatcher is started once");
            }
            AtomicInteger number = new AtomicInteger();
            actors =
                    Executors.newFixedThreadPool(
                            options.slots(),
                            task -> thread(task, "actor-" + number.incrementAndGet()));
            loop = thread(this::work, "loop");
            loop.start();
            listening = engine.backend().signals().map(signals -> signals.listen(this::told));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes one step for every run that it looks after, and claims more up to its slots; in the
     * calling thread, for hosts and tests that do not {@link #start} it.
     *
     * @return how many runs it looks after now
     */
    public int runOnce() {
        return step(Runnable::run);
    }

    /** Looks for work at once: something was queued, or an end is near. */
    public void wakeUp() {
        lock.lock();
        try {
            signal = true;
            signalled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What other nodes tell; where something was missed, it may be anything. */
    private void told(Optional<RunId> run) {
        run.ifPresentOrElse(this::lookAt, this::wakeUp);
    }

    /** Looks at a run at once: it was queued, or somebody wants it stopped. */
    public void lookAt(RunId run) {
        Supervised known = supervised.get(run);
        if (known != null) {
            known.renewNow();
        }
        wakeUp();
    }

    /** How many runs it looks after. */
    public int supervisedRuns() {
        return supervised.size();
    }

    /**
     * Claims nothing more, and waits until what it looks after has ended.
     *
     * @return whether all of it ended within the time
     */
    public boolean drain(Duration atMost) {
        lock.lock();
        try {
            draining = true;
            long end = System.nanoTime() + atMost.toNanos();
            while (!supervised.isEmpty() && System.nanoTime() < end) {
                signalled.awaitNanos(
                        Math.min(end - System.nanoTime(), options.pollEvery().toNanos()));
            }
            return supervised.isEmpty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return supervised.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends its threads and gives its leases back, so that another dispatcher goes on with what
     * still runs.
     */
    @Override
    public void close() {
        Optional<QueueSignals.Listening> listened;
        lock.lock();
        try {
            closed = true;
            signalled.signalAll();
            listened = listening;
        } finally {
            lock.unlock();
        }
        // Whoever is being told at this moment needs the lock, and is waited for.
        listened.ifPresent(QueueSignals.Listening::close);
        try {
            if (loop != null) {
                loop.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
                actors.shutdown();
                if (!actors.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("dispatcher {} closes while a launch still hangs", options.node());
                    actors.shutdownNow();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        supervised.values().forEach(recorder::release);
        supervised.clear();
    }

    private void work() {
        while (!isClosed()) {
            try {
                step(actors);
            } catch (RuntimeException failure) {
                // Storage may be away for a while; what is there when it comes back is all that
                // counts.
                LOG.warn("dispatcher {} will look again", options.node(), failure);
            }
            awaitSignal();
        }
    }

    private int step(Executor executor) {
        for (Supervised run : supervised.values()) {
            RunContext.within(run.run(), () -> keep(run));
            executor.execute(() -> attend(run));
        }
        int free = options.slots() - supervised.size() - stuck.get();
        if (free > 0 && !isDraining()) {
            List<ClaimedRun> claimed =
                    engine.backend()
                            .queue()
                            .claim(
                                    ProjectScope.everyProject(),
                                    new ClaimRequest(
                                            options.node(),
                                            free,
                                            options.leaseFor(),
                                            options.limits()));
            for (ClaimedRun one : claimed) {
                Supervised run = new Supervised(one, nextRenewal());
                Supervised before = supervised.put(one.run().id(), run);
                if (before != null) {
                    // We were away for longer than a lease, and are our own successor.
                    recorder.lost(before);
                    letGo(before);
                }
                executor.execute(() -> attend(run));
            }
        }
        return supervised.size();
    }

    private void attend(Supervised run) {
        if (!run.tryBegin(engine.now())) {
            return; // Somebody is at it.
        }
        try {
            RunContext.within(run.run(), () -> tryAttend(run));
            if (run.takeTold()) {
                RunContext.within(run.run(), () -> tryAttend(run));
            }
        } finally {
            if (run.end()) {
                stuck.decrementAndGet();
            }
            if (run.isOver() && supervised.remove(run.run().id(), run)) {
                wakeUp();
            } else if (run.takeTold()) {
                wakeUp(); // Too late for who attended, too early for the next look.
            }
        }
    }

    private void tryAttend(Supervised run) {
        try {
            if (!run.isOver()) {
                attendance.attend(run);
            }
        } catch (RuntimeException failure) {
            LOG.warn("will look again at run {}", run.run().id(), failure);
        }
    }

    /** Here and not by whoever attends: a launch may take longer than a lease. */
    private void keep(Supervised run) {
        if (isStuck(run)) {
            stopWaitingFor(run);
        } else if (run.isDue(engine.now())) {
            renew(run);
        }
    }

    private boolean isStuck(Supervised run) {
        return run.isStuck(
                engine.now(),
                options.deadlines().of(run.run()).launch(),
                options.retries().window());
    }

    /**
     * A launcher does not come back. The run goes on without waiting for it; the thread that waits
     * keeps its slot until it does come back.
     */
    private void stopWaitingFor(Supervised run) {
        if (run.isLaunching()) {
            attendance.launchIsStuck(run);
        } else {
            LOG.warn("gave up waiting for the launcher about {}", run.sandbox());
            recorder.release(run);
        }
        letGo(run);
        supervised.remove(run.run().id(), run);
    }

    private void letGo(Supervised run) {
        stuck.incrementAndGet();
        if (!run.abandon()) {
            stuck.decrementAndGet();
        }
    }

    private void renew(Supervised run) {
        Optional<ClaimedRun> renewed =
                engine.backend()
                        .queue()
                        .renew(run.run().project(), run.lease(), options.leaseFor());
        if (renewed.isPresent()) {
            run.renewed(renewed.get(), nextRenewal());
        } else {
            recorder.lost(run);
        }
    }

    private Instant nextRenewal() {
        return engine.now().plus(options.leaseFor().dividedBy(3));
    }

    private void awaitSignal() {
        lock.lock();
        try {
            if (!signal && !closed) {
                signalled.awaitNanos(options.pollEvery().toNanos());
            }
            signal = false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDraining() {
        lock.lock();
        try {
            return draining || closed;
        } finally {
            lock.unlock();
        }
    }

    private Thread thread(Runnable task, String role) {
        Thread thread = new Thread(task, "errand-dispatcher-" + options.node() + "-" + role);
        thread.setDaemon(true);
        return thread;
    }

    /** What sandboxes print goes to their runs' logs; that one ended is a reason to look. */
    private final class Told implements SandboxListener {
        @Override
        public void printed(SandboxRef sandbox, Source source, List<String> lines) {
            RunContext.within(sandbox, () -> ConsoleLog.append(engine, sandbox, source, lines));
        }

        @Override
        public void ended(SandboxRef sandbox) {
            Supervised known = supervised.get(sandbox.run());
            if (known != null) {
                known.told();
            }
            wakeUp();
        }
    }
}
