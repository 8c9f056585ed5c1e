package dev.errand.internal.dispatch;

import dev.errand.access.RunTokens;
import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.internal.engine.Engine;
import dev.errand.spi.BackendException;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.QueueSignals;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunUpdateResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The implementation of {@link Dispatcher}. */
public final class DefaultDispatcher implements Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final long CLOSE_SECONDS = 30;

    private final Engine engine;
    private final DispatchOptions options;
    private final Recorder recorder;
    private final Attendance attendance;
    private final Roster roster;
    private final Agenda agenda;
    private final Turns turns;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private Optional<QueueSignals.Subscription> listening = Optional.empty();
    private volatile boolean draining;
    private Thread loop;
    private volatile ExecutorService actors;

    public DefaultDispatcher(
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
        this.roster = new Roster(options.slots());
        this.agenda = new Agenda(options.pollEvery());
        this.turns = new Turns(engine, options, roster);
    }

    @Override
    public void start() {
        lock.lock();
        try {
            if (loop != null || agenda.isClosed()) {
                throw new IllegalStateException("a dispatcher is started once");
            }
            AtomicInteger number = new AtomicInteger();
            actors =
                    Executors.newFixedThreadPool(
                            options.slots(),
                            task -> thread(task, "actor-" + number.incrementAndGet()));
            recorder.together();
            loop = thread(this::work, "loop");
            loop.start();
            listening = engine.backend().signals().map(signals -> signals.listen(this::told));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int runOnce() {
        look(List.copyOf(roster.all()));
        take(turns.claim(draining || agenda.isClosed() ? 0 : roster.free()));
        return supervisedRuns();
    }

    @Override
    public void wakeUp() {
        agenda.lookAtEverything();
    }

    /** What other nodes tell; where something was missed, it may be anything. */
    private void told(Optional<RunId> run) {
        run.ifPresentOrElse(this::lookAt, this::wakeUp);
    }

    @Override
    public void lookAt(RunId run) {
        Optional<Supervised> known = roster.find(run);
        known.ifPresent(Supervised::renewNow);
        known.ifPresentOrElse(this::lookSoon, agenda::claim);
    }

    private void lookSoon(Supervised run) {
        run.lookSoon();
        agenda.look();
    }

    @Override
    public int supervisedRuns() {
        return roster.begun();
    }

    @Override
    public boolean drain(Duration atMost) {
        draining = true;
        agenda.look(); // What waits for a slot goes back.
        lock.lock();
        try {
            long end = System.nanoTime() + atMost.toNanos();
            while (!roster.isEmpty() && System.nanoTime() < end) {
                ended.awaitNanos(Math.min(end - System.nanoTime(), options.pollEvery().toNanos()));
            }
            return roster.isEmpty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return roster.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Optional<QueueSignals.Subscription> listened;
        lock.lock();
        try {
            agenda.close();
            listened = listening;
        } finally {
            lock.unlock();
        }
        // Whoever is being told at this moment needs the lock, and is waited for.
        listened.ifPresent(QueueSignals.Subscription::close);
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
        write(agenda.takeSettlings(), 0);
        for (Supervised run : roster.all()) {
            recorder.release(run);
            remove(run);
        }
    }

    private void work() {
        while (!agenda.isClosed()) {
            Agenda.Items items = agenda.await();
            try {
                turn(items);
            } catch (RuntimeException failure) {
                // Storage may be away for a while; what is there when it comes back is all that
                // counts.
                LOG.warn("dispatcher {} will look again", options.node(), failure);
            }
        }
    }

    private void turn(Agenda.Items items) {
        List<Supervised> runs =
                roster.all().stream().filter(run -> run.takeLook() || items.everything()).toList();
        try {
            look(runs);
            handBack();
        } catch (RuntimeException failure) {
            // At the next turn, whatever that is for: one at once may fail just the same.
            runs.forEach(Supervised::lookSoon);
            throw failure;
        } finally {
            write(items.settlings(), isToEnd() ? 0 : turns.room(items.settlings()));
        }
    }

    private void look(List<Supervised> runs) {
        renew(runs.stream().filter(run -> run.isDue(engine.now()) && !isStuck(run)).toList());
        for (Supervised run : runs) {
            if (isStuck(run)) {
                RunContext.within(run.run(), () -> guarded(run, () -> stopWaitingFor(run)));
            }
        }
        for (Supervised run : runs) {
            if (run.hasSlot() || run.isOver()) {
                act(() -> attend(run));
            }
        }
    }

    /** What has waited for a slot for too long may find one elsewhere. */
    private void handBack() {
        Instant before = engine.now().minus(options.pollEvery());
        for (Supervised late : roster.removeWaiting(isToEnd() ? Instant.MAX : before)) {
            recorder.release(late);
            tellLetGo(late);
        }
    }

    /** Writes ends together, and claims as many runs as there is room for in the same step. */
    private void write(List<Settling> settlings, int room) {
        if (settlings.isEmpty()) {
            take(turns.claim(room));
            return;
        }
        Turns.Turn turn = turns.settleAndClaim(settlings, room);
        for (int i = 0; i < settlings.size(); i++) {
            Settling settling = settlings.get(i);
            Optional<RunUpdateResult> answer = turn.answers().get(i);
            act(() -> conclude(settling, answer));
        }
        take(turn.claimed());
    }

    private void take(List<Supervised> claimed) {
        for (Supervised run : claimed) {
            // We may have been away for longer than a lease, and be our own successor.
            Optional<Supervised> before = roster.find(run.run().id());
            before.ifPresent(recorder::lost);
            before.ifPresent(this::stopWaiting);
            before.ifPresent(this::remove);
            // From the roster on anybody may begin it, and tell of that.
            recorder.tell(new DispatchEvent.Claimed(run.run()));
            roster.add(run);
        }
        begin();
    }

    private void begin() {
        if (!isToEnd()) {
            roster.begin().forEach(run -> act(() -> attend(run)));
        }
    }

    /** On a thread of those that act; on this one where there are none. */
    private void act(Runnable deed) {
        ExecutorService others = actors;
        if (others == null || others.isShutdown()) {
            deed.run();
        } else {
            others.execute(deed);
        }
    }

    private void attend(Supervised run) {
        if (run.tryBegin(engine.now())) { // Else somebody is at it.
            attend(run, () -> tryAttend(run));
        }
    }

    private void conclude(Settling settling, Optional<RunUpdateResult> answer) {
        settling.run().resume(engine.now());
        attend(
                settling.run(),
                () -> guarded(settling.run(), () -> recorder.conclude(settling, answer)));
    }

    private void attend(Supervised run, Runnable deed) {
        try {
            RunContext.within(run.run(), deed);
            if (run.settling().isEmpty() && run.takeTold()) {
                RunContext.within(run.run(), () -> tryAttend(run));
            }
        } finally {
            if (run.end()) {
                roster.unstuck();
            }
            goOn(run);
        }
    }

    private void goOn(Supervised run) {
        if (run.settling().isPresent()) {
            begin();
            agenda.settle(run.settling().get());
        } else if (run.isOver()) {
            if (remove(run)) {
                begin();
                if (!run.wasSettledTogether()) {
                    agenda.claim(); // Else its slot was claimed for as its end was written.
                }
                tellEnded();
            }
        } else if (run.takeTold()) {
            lookSoon(run); // Too late for who attended, too early for the next look.
        }
    }

    private void tellEnded() {
        if (draining) {
            lock.lock();
            try {
                ended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void tryAttend(Supervised run) {
        if (!run.isOver()) {
            guarded(run, () -> attendance.attend(run));
        }
    }

    private static void guarded(Supervised run, Runnable deed) {
        try {
            deed.run();
        } catch (RuntimeException failure) {
            LOG.warn("will look again at run {}", run.run().id(), failure);
        }
    }

    private boolean isStuck(Supervised run) {
        return run.isStuck(
                engine.now(),
                options.timeouts().of(run.run()).launch(),
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
        stopWaiting(run);
        remove(run);
    }

    /** Whether it was here. Told first: once it is not here it may be taken up anew. */
    private boolean remove(Supervised run) {
        tellLetGo(run);
        return roster.remove(run);
    }

    private void tellLetGo(Supervised run) {
        run.letGo(() -> recorder.tell(new DispatchEvent.Released(run.run())));
    }

    private void stopWaiting(Supervised run) {
        roster.stuck();
        if (!run.abandon()) {
            roster.unstuck();
        }
    }

    /**
     * Here and not by whoever attends, as a launch may take longer than a lease; and of all that
     * are due in one step, or a beat would cost as many as there are runs.
     */
    private void renew(List<Supervised> due) {
        if (due.size() < 2) {
            renewOneByOne(due);
            return;
        }
        List<Optional<ClaimedRun>> renewed;
        try {
            renewed =
                    engine.backend()
                            .queue()
                            .renew(
                                    due.stream().map(Supervised::lease).toList(),
                                    options.leaseFor());
        } catch (BackendException failure) {
            LOG.warn("{} leases are renewed one by one", due.size(), failure);
            renewOneByOne(due);
            return;
        }
        for (int i = 0; i < due.size(); i++) {
            renewed(due.get(i), renewed.get(i));
        }
    }

    /**
     * One that cannot be read, or is locked by somebody, is not to take the others' leases with it.
     * Two in a row that only have to be tried again: storage is away, and each of the others would
     * wait for it as long.
     */
    private void renewOneByOne(List<Supervised> due) {
        boolean maybeAway = false;
        for (Supervised run : due) {
            try {
                renew(run);
                maybeAway = false;
            } catch (RuntimeException failure) {
                boolean passes = failure instanceof BackendException fault && fault.isRetryable();
                if (passes && maybeAway) {
                    throw failure;
                }
                maybeAway = passes;
                LOG.warn("could not renew the lease on run {}", run.run().id(), failure);
            }
        }
    }

    private void renew(Supervised run) {
        renewed(
                run,
                engine.backend().queue().renew(List.of(run.lease()), options.leaseFor()).get(0));
    }

    private void renewed(Supervised run, Optional<ClaimedRun> renewed) {
        renewed.ifPresentOrElse(
                claimed -> run.renewed(claimed, turns.nextRenewal()),
                () -> RunContext.within(run.run(), () -> recorder.lost(run)));
    }

    private boolean isToEnd() {
        return draining || agenda.isClosed();
    }

    private Thread thread(Runnable task, String role) {
        Thread thread = new Thread(task, "errand-dispatcher-" + options.node() + "-" + role);
        thread.setDaemon(true);
        return thread;
    }

    /** What sandboxes print goes to their runs' logs; that one ended is a reason to look. */
    private final class Told implements SandboxListener {
        @Override
        public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
            RunContext.within(sandbox, () -> ConsoleLog.append(engine, sandbox, source, lines));
        }

        @Override
        public void onExit(SandboxId sandbox) {
            roster.find(sandbox.run())
                    .filter(run -> !run.told())
                    .ifPresent(DefaultDispatcher.this::lookSoon);
        }
    }
}
