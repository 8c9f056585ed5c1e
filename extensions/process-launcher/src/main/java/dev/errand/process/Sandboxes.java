package dev.errand.process;

import dev.errand.spi.dispatch.DispatchState.StopReason;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The sandboxes of one launcher: those it started, and those it found in its work directory. What
 * is done to one of them is done one after the other. Thread-safe.
 */
final class Sandboxes {

    private static final int LOCKS = 64;

    private final Settings settings;
    private final WorkDirectory workDirectory;
    private final Launching launching;
    private final Adoption adoption;
    private final Watcher watcher;
    private final Sweeper sweeper;
    private final Map<SandboxId, Sandbox> known = new ConcurrentHashMap<>();
    private final List<Object> locks =
            IntStream.range(0, LOCKS).mapToObj(n -> new Object()).toList();

    Sandboxes(Settings settings, WorkDirectory workDirectory, ProcessTable table) {
        this.settings = settings;
        this.workDirectory = workDirectory;
        AgentStart agentStart = new AgentStart(settings.command(), settings.limits());
        this.watcher = new Watcher(table, settings.pace().observe());
        this.sweeper = new Sweeper(settings, workDirectory, table, this::isKnown);
        this.launching = new Launching(settings, workDirectory, table, agentStart, watcher);
        this.adoption = new Adoption(table, agentStart.makesSessions(), settings, watcher);
    }

    /** Starts it, or finds it; answers where its directory is. */
    String launch(LaunchRequest request, SandboxListener listener) {
        SandboxId ref = request.sandbox();
        synchronized (lock(ref)) {
            Sandbox sandbox = find(ref).orElseGet(() -> start(request));
            watchUnlessGone(sandbox);
            sandbox.tell(listener);
            sweeper.sweepIfDue();
            return sandbox.directory().root().toString();
        }
    }

    SandboxState inspect(SandboxId ref, SandboxListener listener) {
        synchronized (lock(ref)) {
            Optional<Sandbox> sandbox = find(ref);
            sandbox.ifPresent(found -> found.tell(listener));
            return sandbox.map(Sandbox::state).orElseGet(() -> stateWithoutAny(ref));
        }
    }

    /** Nothing runs and nothing ended; but somebody may be about to start it. */
    private SandboxState stateWithoutAny(SandboxId ref) {
        Hold hold = new Hold(workDirectory, ref);
        boolean isFree = hold.take();
        hold.release();
        return isFree ? new SandboxState.Gone() : new SandboxState.Running();
    }

    void stop(SandboxId ref, StopReason cause, Duration grace) {
        synchronized (lock(ref)) {
            Optional<Sandbox> sandbox = find(ref).or(() -> forestall(ref, cause));
            sandbox.ifPresent(found -> found.stop(cause, grace));
            watcher.wake();
        }
    }

    void discard(SandboxId ref) {
        synchronized (lock(ref)) {
            Sandbox sandbox = findOrLost(ref).orElse(null);
            if (sandbox == null) {
                return;
            }
            if (!sandbox.isOver()) {
                throw new IllegalStateException(ref + " has not ended; stop it first");
            }
            boolean failed = sandbox.isFailed();
            remember(ref, sandbox);
            sandbox.hush();
            sandbox.letGo();
            // Where clearing away fails, what is left is found again by its directory.
            known.remove(ref);
            giveUp(sandbox, failed);
        }
    }

    List<Sandbox> all() {
        return List.copyOf(known.values());
    }

    Sweeper sweeper() {
        return sweeper;
    }

    private boolean isKnown(Path directory) {
        return known.values().stream()
                .anyMatch(sandbox -> sandbox.directory().root().equals(directory));
    }

    Watcher watcher() {
        return watcher;
    }

    /** Before it is gone, so that whoever starts one sees either. */
    private void remember(SandboxId ref, Sandbox sandbox) {
        if (new SandboxRecord(sandbox.directory()).pid().isEmpty()) {
            return; // It was never started.
        }
        try {
            workDirectory.remember(ref);
        } catch (IOException failure) {
            throw Failures.retryable("cannot put away " + ref, failure);
        }
    }

    /** Keeps or deletes what is left of it. */
    void giveUp(Sandbox sandbox, boolean failed) {
        SandboxDirectory directory = sandbox.directory();
        try {
            if (!Files.isDirectory(directory.root())) {
                return;
            }
            if (settings.cleanUp().keeps(failed)) {
                workDirectory.keep(directory);
            } else {
                workDirectory.delete(directory);
            }
        } catch (NoSuchFileException cleared) {
            // By the launcher of another process, in the same moment.
        } catch (IOException failure) {
            throw Failures.retryable("cannot clear away " + directory.root(), failure);
        }
    }

    /** Starts it, as nobody did yet and nobody else is about to. */
    private Sandbox start(LaunchRequest request) {
        SandboxId ref = request.sandbox();
        Hold hold = new Hold(workDirectory, ref);
        if (!hold.take()) {
            throw Failures.retryable(ref + " is being started by another launcher", null);
        }
        boolean started = false;
        try {
            // Up to here, somebody else may have done so.
            Optional<Sandbox> found = find(ref);
            if (found.isPresent()) {
                return found.get();
            }
            if (workDirectory.wasPutAway(ref)) {
                throw Failures.retryable(
                        ref + " has ended and was put away, so it is not started again", null);
            }
            clearFalseStart(ref);
            Sandbox sandbox = launching.launch(request, directory(ref), hold);
            started = true;
            known.put(ref, sandbox);
            forgetWhatOthersClearedAway();
            return sandbox;
        } finally {
            if (!started) {
                hold.release();
            }
        }
    }

    /**
     * Another launcher may be about to start it: it leaves it at that, or has started it by now.
     */
    private Optional<Sandbox> forestall(SandboxId ref, StopReason cause) {
        SandboxRecord record = new SandboxRecord(directory(ref));
        if (!Files.isDirectory(directory(ref).root()) || record.pid().isPresent()) {
            return find(ref);
        }
        try {
            record.stopCause(cause);
        } catch (NoSuchFileException cleared) {
            return Optional.empty();
        } catch (IOException failure) {
            throw Failures.retryable("cannot stop " + ref, failure);
        }
        return find(ref);
    }

    /** Who took over while this process was paused has seen to their ends. */
    private void forgetWhatOthersClearedAway() {
        known.values()
                .removeIf(
                        sandbox ->
                                sandbox.isOver() && !Files.isDirectory(sandbox.directory().root()));
    }

    /** The sandbox, if it is alive or is known to have ended. */
    private Optional<Sandbox> find(SandboxId ref) {
        return findOrLost(ref).filter(sandbox -> !sandbox.isLost());
    }

    /** From memory, else from what an earlier launcher left, or another one has. */
    private Optional<Sandbox> findOrLost(SandboxId ref) {
        Sandbox sandbox = known.get(ref);
        if (sandbox != null || !Files.isDirectory(directory(ref).root())) {
            return Optional.ofNullable(sandbox);
        }
        Hold hold = new Hold(workDirectory, ref);
        boolean isStarted = new SandboxRecord(directory(ref)).pid().isPresent();
        if (!isStarted && !hold.take()) {
            return Optional.empty(); // Somebody is about to start it.
        }
        Sandbox found = adoption.find(ref, directory(ref), hold);
        if (found.areProcessesGone()) {
            found.processesGone();
        }
        if (found.isLost()) {
            hold.release();
        } else {
            known.put(ref, found);
            watchUnlessGone(found);
        }
        return Optional.of(found);
    }

    private void watchUnlessGone(Sandbox sandbox) {
        if (!sandbox.areProcessesGone()) {
            watcher.watch(sandbox);
        }
    }

    /**
     * A directory in which nothing was ever started is the rest of a launch that a crash cut short.
     */
    private void clearFalseStart(SandboxId ref) {
        known.remove(ref);
        SandboxDirectory directory = directory(ref);
        if (!Files.isDirectory(directory.root())) {
            return;
        }
        if (new SandboxRecord(directory).pid().isPresent()) {
            throw Failures.retryable(
                    ref + " was started before and lost, so it is not started again", null);
        }
        try {
            workDirectory.delete(directory);
        } catch (IOException failure) {
            throw Failures.retryable("cannot clear away " + directory.root(), failure);
        }
    }

    private SandboxDirectory directory(SandboxId ref) {
        return SandboxDirectory.of(settings.workDirectory(), ref);
    }

    private Object lock(SandboxId ref) {
        return locks.get(Math.floorMod(ref.hashCode(), LOCKS));
    }
}
