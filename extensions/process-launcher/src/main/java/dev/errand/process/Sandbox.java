package dev.errand.process;

import dev.errand.spi.dispatch.DispatchState.StopReason;
import dev.errand.spi.dispatch.SandboxExit;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxState;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sandbox: its directory, its processes, and whoever is told of it. It is over when nothing is
 * alive and everything it printed was told. Thread-safe.
 */
final class Sandbox {

    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

    private final SandboxId ref;
    private final SandboxDirectory directory;
    private final Execution execution;
    private final Settings settings;
    private final Hold hold;

    // guarded by this
    private Optional<Teller> teller = Optional.empty();
    private boolean endedByClosing;

    /** Since when it is known that another launcher tells what it prints. */
    private Optional<Long> toldElsewhereSince = Optional.empty();

    Sandbox(
            SandboxId ref,
            SandboxDirectory directory,
            Execution execution,
            Settings settings,
            Hold hold) {
        this.ref = ref;
        this.hold = hold;
        this.directory = directory;
        this.execution = execution;
        this.settings = settings;
    }

    SandboxDirectory directory() {
        return directory;
    }

    /** Tells a listener from here on, if nobody is told yet, be it by another launcher. */
    synchronized void tell(SandboxListener listener) {
        if (teller.isPresent()) {
            return;
        }
        if (!hold.take()) {
            if (toldElsewhereSince.isEmpty()) {
                toldElsewhereSince = Optional.of(System.nanoTime());
            }
            return;
        }
        toldElsewhereSince = Optional.empty();
        Teller started =
                new Teller(
                        ref,
                        directory,
                        listener,
                        settings.bounds().lineBytes(),
                        settings.pace(),
                        hold::release);
        started.start();
        teller = Optional.of(started);
        if (execution.isOver()) {
            started.outputEnded();
        }
    }

    void stop(StopReason cause, Duration grace) {
        execution.stop(Optional.of(cause), grace);
    }

    /** Moves on as far as is possible now, and says after how long to look again. */
    Duration look(ProcessSnapshot snapshot) {
        Duration next = execution.look(snapshot);
        if (execution.isOver()) {
            processesGone();
        }
        return next;
    }

    boolean areProcessesGone() {
        return execution.isOver();
    }

    /** Whether nothing is alive, and whoever is told was told everything. */
    synchronized boolean isOver() {
        return execution.isOver() && teller.map(Teller::isDone).orElseGet(() -> !isToldElsewhere());
    }

    /** A launcher that was paused is waited for; one that hangs for too long is not. */
    private boolean isToldElsewhere() {
        long patience = settings.pace().patience().toNanos();
        return toldElsewhereSince
                .filter(since -> System.nanoTime() - since <= patience)
                .isPresent();
    }

    /**
     * Whether nothing is alive and nobody will ever know how it ended, as an earlier launcher ended
     * with it.
     */
    boolean isLost() {
        return execution.isOver() && execution.exitCode().isEmpty();
    }

    /** How it stands; what it left is read anew each time, for nobody changes it any more. */
    SandboxState state() {
        if (!isOver()) {
            return new SandboxState.Running();
        }
        return execution
                .exitCode()
                .<SandboxState>map(code -> new SandboxState.Exited(exit(code)))
                .orElseGet(SandboxState.Gone::new);
    }

    /** Whether it is worth keeping for people. */
    boolean isFailed() {
        if (wasEndedByClosing() || !(state() instanceof SandboxState.Exited exited)) {
            return true;
        }
        SandboxExit exit = exited.exit();
        return exit.problem().isPresent()
                || exit.stoppedFor()
                        .map(cause -> cause == StopReason.TIME_LIMIT)
                        .orElse(exit.exitCode() != 0);
    }

    /**
     * Ends it because the launcher is closed; one that is being stopped for a cause still ends for
     * that.
     */
    synchronized void close(Duration grace) {
        endedByClosing |= !execution.hasMainEnded() && execution.stoppedFor().isEmpty();
        teller.ifPresent(Teller::silence);
        execution.stop(Optional.empty(), grace);
    }

    /** Whether the launcher ended it, so that nothing is known of what it would have done. */
    synchronized boolean wasEndedByClosing() {
        return endedByClosing;
    }

    /** Tells the rest in a hurry, and nothing after it. */
    synchronized Optional<Teller> hush() {
        teller.ifPresent(Teller::hurry);
        return teller;
    }

    /** Others may start and tell what bears this name. */
    void letGo() {
        hold.release();
    }

    /** Tells nothing more after what is being told; it is for the next launcher to go on. */
    synchronized Optional<Teller> leave() {
        teller.ifPresent(Teller::leave);
        return teller;
    }

    private SandboxExit exit(int code) {
        Results results = new Results(directory, settings.bounds());
        synchronized (this) {
            teller.flatMap(Teller::problem).ifPresent(results::addProblem);
        }
        execution.excess().ifPresent(what -> results.addProblem("stopped, as " + what));
        if (execution.survivors() > 0) {
            results.addProblem(execution.survivors() + " processes could not be ended");
        }
        return results.collect(code, execution.stoppedFor());
    }

    /** Nothing is alive: its secrets go, and its listener may be told the end. */
    synchronized void processesGone() {
        try {
            directory.eraseSecrets();
        } catch (IOException failed) {
            LOG.error("{}: cannot erase its secrets", ref, failed);
        }
        teller.ifPresent(Teller::outputEnded);
    }
}
