package dev.errand.process;

import dev.errand.spi.dispatch.Dispatch.StopCause;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxRef;
import dev.errand.spi.dispatch.SandboxState;
import java.io.IOException;
import java.nio.file.Files;
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
    private final Map<SandboxRef, Sandbox> known = new ConcurrentHashMap<>();
    private final List<Object> locks =
            IntStream.range(0, LOCKS).mapToObj(n -> new Object()).toList();

    Sandboxes(Settings settings, WorkDirectory workDirectory, ProcessTable table) {
        this.settings = settings;
        this.workDirectory = workDirectory;
        AgentStart agentStart = new AgentStart(settings.command());
        this.watcher = new Watcher(table, settings.pace().observe());
        this.launching = new Launching(settings, workDirectory, table, agentStart, watcher);
        this.adoption = new Adoption(table, agentStart.makesSessions(), settings, watcher);
    }

    /** Starts it, or finds it; answers where its directory is. */
    String launch(LaunchRequest request, SandboxListener listener) {
        SandboxRef ref = request.sandbox();
        synchronized (lock(ref)) {
            Sandbox sandbox = find(ref).orElse(null);
            if (sandbox != null && sandbox.isLost()) {
                clearFalseStart(ref, sandbox);
                sandbox = null;
            }
            if (sandbox == null) {
                sandbox = launching.launch(request, directory(ref));
                known.put(ref, sandbox);
            }
            watchUnlessGone(sandbox);
            sandbox.tell(listener);
            return sandbox.directory().root().toString();
        }
    }

    SandboxState inspect(SandboxRef ref, SandboxListener listener) {
        synchronized (lock(ref)) {
            Optional<Sandbox> sandbox = find(ref).filter(found -> !found.isLost());
            sandbox.ifPresent(found -> found.tell(listener));
            return sandbox.map(Sandbox::state).orElseGet(SandboxState.Gone::new);
        }
    }

    void stop(SandboxRef ref, StopCause cause, Duration grace) {
        synchronized (lock(ref)) {
            find(ref).ifPresent(sandbox -> sandbox.stop(cause, grace));
            watcher.wake();
        }
    }

    void discard(SandboxRef ref) {
        synchronized (lock(ref)) {
            Sandbox sandbox = find(ref).orElse(null);
            if (sandbox == null) {
                return;
            }
            if (!sandbox.isOver()) {
                throw new IllegalStateException(ref + " has not ended; stop it first");
            }
            boolean failed = sandbox.isFailed();
            sandbox.hush();
            // Where clearing away fails, what is left is found again by its directory.
            known.remove(ref);
            giveUp(sandbox, failed);
        }
    }

    List<Sandbox> all() {
        return List.copyOf(known.values());
    }

    Watcher watcher() {
        return watcher;
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
        } catch (IOException failure) {
            throw Failures.retryable("cannot clear away " + directory.root(), failure);
        }
    }

    /** The sandbox, if there is one: from memory, else from what an earlier launcher left. */
    private Optional<Sandbox> find(SandboxRef ref) {
        Sandbox sandbox = known.get(ref);
        if (sandbox != null || !Files.isDirectory(directory(ref).root())) {
            return Optional.ofNullable(sandbox);
        }
        Sandbox found = adoption.find(ref, directory(ref));
        if (found.areProcessesGone()) {
            found.processesGone();
        }
        if (!found.isLost()) {
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
    private void clearFalseStart(SandboxRef ref, Sandbox sandbox) {
        SandboxDirectory directory = sandbox.directory();
        if (new SandboxRecord(directory).pid().isPresent()) {
            throw Failures.retryable(
                    ref + " was started before and lost, so it is not started again", null);
        }
        try {
            workDirectory.delete(directory);
        } catch (IOException failure) {
            throw Failures.retryable("cannot clear away " + directory.root(), failure);
        }
        known.remove(ref);
    }

    private SandboxDirectory directory(SandboxRef ref) {
        return SandboxDirectory.of(settings.workDirectory(), ref);
    }

    private Object lock(SandboxRef ref) {
        return locks.get(Math.floorMod(ref.hashCode(), LOCKS));
    }
}
