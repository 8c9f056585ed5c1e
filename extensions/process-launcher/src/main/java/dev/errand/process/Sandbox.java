package dev.errand.process;

import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sandbox: its directory, its processes and the forwarding of its output. It has ended when no
 * process is alive and all output was forwarded. Thread-safe.
 */
final class Sandbox {

    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

    private final SandboxId id;
    private final SandboxDirectory directory;
    private final SandboxProcesses processes;
    private final LauncherSettings settings;
    private final SandboxLock lock;

    // guarded by this
    private Optional<OutputForwarder> forwarder = Optional.empty();
    private boolean endedByClosing;

    /** The {@link System#nanoTime()} since when another launcher is known to forward the output. */
    private Optional<Long> forwardedElsewhereSince = Optional.empty();

    Sandbox(
            SandboxId id,
            SandboxDirectory directory,
            SandboxProcesses processes,
            LauncherSettings settings,
            SandboxLock lock) {
        this.id = id;
        this.lock = lock;
        this.directory = directory;
        this.processes = processes;
        this.settings = settings;
    }

    SandboxDirectory directory() {
        return directory;
    }

    /**
     * Starts to forward the output to a listener, unless this or another launcher forwards it
     * already.
     */
    synchronized void forward(SandboxListener listener) {
        if (forwarder.isPresent()) {
            return;
        }
        if (!lock.tryAcquire()) {
            if (forwardedElsewhereSince.isEmpty()) {
                forwardedElsewhereSince = Optional.of(System.nanoTime());
            }
            return;
        }
        forwardedElsewhereSince = Optional.empty();
        OutputForwarder started =
                new OutputForwarder(
                        id,
                        directory,
                        listener,
                        settings.resultLimits().lineBytes(),
                        settings.timing(),
                        lock::release);
        started.start();
        forwarder = Optional.of(started);
        if (processes.hasEnded()) {
            started.outputEnded();
        }
    }

    void stop(StopReason reason, Duration grace) {
        processes.stop(Optional.of(reason), grace);
    }

    /** Advances the sandbox's processes and returns after what time to call again. */
    Duration update(ProcessSnapshot snapshot) {
        Duration next = processes.update(snapshot);
        if (processes.hasEnded()) {
            processesEnded();
        }
        return next;
    }

    boolean haveProcessesEnded() {
        return processes.hasEnded();
    }

    /** Returns whether no process is alive and all output was forwarded. */
    synchronized boolean isOver() {
        return processes.hasEnded()
                && forwarder.map(OutputForwarder::isDone).orElseGet(() -> !isForwardedElsewhere());
    }

    /** A launcher that is paused for too long no longer delays the end. */
    private boolean isForwardedElsewhere() {
        long patience = settings.timing().listenerTimeout().toNanos();
        return forwardedElsewhereSince
                .filter(since -> System.nanoTime() - since <= patience)
                .isPresent();
    }

    /**
     * Returns whether no process is alive and the exit code is unknown because an earlier launcher
     * ended together with the sandbox.
     */
    boolean isLost() {
        return processes.hasEnded() && processes.exitCode().isEmpty();
    }

    /**
     * Returns the state. Results are read from the sandbox's files on each call; they no longer
     * change.
     */
    SandboxState state() {
        if (!isOver()) {
            return new SandboxState.Running();
        }
        return processes
                .exitCode()
                .<SandboxState>map(code -> new SandboxState.Exited(exit(code)))
                .orElseGet(SandboxState.Gone::new);
    }

    /** Returns whether the sandbox failed in the sense of {@link CleanupPolicy#KEEP_FAILED}. */
    boolean isFailed() {
        if (wasEndedByClosing() || !(state() instanceof SandboxState.Exited exited)) {
            return true;
        }
        SandboxExit exit = exited.exit();
        return exit.problem().isPresent()
                || exit.stopReason()
                        .map(reason -> reason == StopReason.TIME_LIMIT)
                        .orElse(exit.exitCode() != 0);
    }

    /**
     * Stops the sandbox because the launcher is closed. A sandbox that is already being stopped
     * keeps its reason.
     */
    synchronized void close(Duration grace) {
        endedByClosing |= !processes.hasMainEnded() && processes.stopReason().isEmpty();
        forwarder.ifPresent(OutputForwarder::suppressEnd);
        processes.stop(Optional.empty(), grace);
    }

    /** Returns whether closing the launcher ended the sandbox, so that its outcome is unknown. */
    synchronized boolean wasEndedByClosing() {
        return endedByClosing;
    }

    /** Forwards the remaining output without retries and returns the forwarder. */
    synchronized Optional<OutputForwarder> finishForwarding() {
        forwarder.ifPresent(OutputForwarder::finishQuickly);
        return forwarder;
    }

    /** Lets other launchers start this sandbox and forward its output. */
    void releaseLock() {
        lock.release();
    }

    /**
     * Stops forwarding after the current batch, for the next launcher to continue, and returns the
     * forwarder.
     */
    synchronized Optional<OutputForwarder> stopForwarding() {
        forwarder.ifPresent(OutputForwarder::stop);
        return forwarder;
    }

    private SandboxExit exit(int code) {
        ResultCollector results = new ResultCollector(directory, settings.resultLimits());
        synchronized (this) {
            forwarder.flatMap(OutputForwarder::problem).ifPresent(results::addNote);
        }
        processes
                .exceededLimit()
                .ifPresent(limit -> results.addProblem("stopped because " + limit));
        if (processes.survivors() > 0) {
            results.addProblem(processes.survivors() + " processes could not be killed");
        }
        return results.collect(code, processes.stopReason());
    }

    /** Erases the secrets and lets the forwarder finish. Called when no process is alive. */
    synchronized void processesEnded() {
        try {
            directory.eraseSecrets();
        } catch (IOException failed) {
            LOG.error("{}: cannot delete its secrets", id, failed);
        }
        forwarder.ifPresent(OutputForwarder::outputEnded);
    }
}
