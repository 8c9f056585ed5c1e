package dev.errand.process;

import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandboxes of one launcher: those that it started and those that it found in its work
 * directory. Operations on the same sandbox are serialized. Thread-safe.
 */
final class SandboxRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxRegistry.class);
    private static final int MONITORS = 64;

    private final LauncherSettings settings;
    private final WorkDirectory workDirectory;
    private final SandboxStarter starter;
    private final SandboxFinder finder;
    private final SandboxWatcher watcher;
    private final ExpiredDirectoryCleaner cleaner;
    private final FileWork fileWork = new FileWork();
    private final DirectoryRemover remover;
    private final SandboxWorkspaces workspaces;
    private final Map<SandboxId, Sandbox> sandboxes = new ConcurrentHashMap<>();
    private final List<Object> monitors =
            IntStream.range(0, MONITORS).mapToObj(n -> new Object()).toList();

    SandboxRegistry(
            LauncherSettings settings,
            WorkDirectory workDirectory,
            ProcessTable table,
            SandboxUsers users,
            Optional<ControlGroups> groups) {
        this.settings = settings;
        this.workDirectory = workDirectory;
        this.workspaces = new SandboxWorkspaces(settings.workspaces(), fileWork);
        AgentProcessStarter processStarter = new AgentProcessStarter(settings.resourceLimits());
        this.watcher = new SandboxWatcher(table, settings.timing().watchInterval());
        this.remover = new DirectoryRemover(settings.timing().initialRetryDelay());
        this.cleaner =
                new ExpiredDirectoryCleaner(settings, workDirectory, table, remover, this::isInUse);
        this.starter =
                new SandboxStarter(
                        settings,
                        workDirectory,
                        table,
                        processStarter,
                        watcher,
                        fileWork,
                        remover,
                        users,
                        groups,
                        workspaces);
        this.finder =
                new SandboxFinder(
                        table,
                        processStarter.createsSessions(),
                        settings,
                        watcher,
                        fileWork,
                        users,
                        workspaces);
    }

    /** Starts the sandbox or finds it, and returns its directory. */
    String launch(LaunchRequest request, SandboxListener listener) {
        SandboxId id = request.sandbox();
        SandboxLock lock = new SandboxLock(workDirectory, id);
        boolean started = false;
        try {
            synchronized (monitor(id)) {
                Optional<Sandbox> found = find(id).or(() -> acquire(id, lock));
                if (found.isPresent()) {
                    return attach(found.get(), listener);
                }
                if (!workspaces.isNeededFor(request)) {
                    Sandbox sandbox = start(request, lock);
                    started = true;
                    return attach(sandbox, listener);
                }
            }
            // Other sandboxes with the same monitor do not wait for the checkout.
            starter.prepareWorkspace(request, directory(id));
            synchronized (monitor(id)) {
                Sandbox sandbox = start(request, lock);
                started = true;
                return attach(sandbox, listener);
            }
        } finally {
            if (!started) {
                lock.release();
            }
        }
    }

    private String attach(Sandbox sandbox, SandboxListener listener) {
        watchUnlessEnded(sandbox);
        sandbox.forward(listener);
        cleaner.startIfDue();
        return sandbox.directory().root().toString();
    }

    SandboxState inspect(SandboxId id, SandboxListener listener) {
        synchronized (monitor(id)) {
            Optional<Sandbox> sandbox = find(id);
            sandbox.ifPresent(found -> found.forward(listener));
            return sandbox.map(Sandbox::state).orElseGet(() -> stateWithoutSandbox(id));
        }
    }

    /** Answers running if another launcher is about to start the sandbox. */
    private SandboxState stateWithoutSandbox(SandboxId id) {
        SandboxLock lock = new SandboxLock(workDirectory, id);
        boolean isFree = lock.tryAcquire();
        lock.release();
        return isFree ? new SandboxState.Gone() : new SandboxState.Running();
    }

    void stop(SandboxId id, StopReason reason, Duration grace) {
        synchronized (monitor(id)) {
            Optional<Sandbox> sandbox = find(id).or(() -> stopBeforeStart(id, reason));
            sandbox.ifPresent(found -> found.stop(reason, grace));
            watcher.wake();
        }
    }

    void discard(SandboxId id) {
        synchronized (monitor(id)) {
            Sandbox sandbox = findIncludingLost(id).orElse(null);
            if (sandbox == null) {
                return;
            }
            if (!sandbox.isOver()) {
                throw new IllegalStateException(id + " has not ended; stop it first");
            }
            boolean failed = sandbox.isFailed();
            markDiscarded(id, sandbox);
            sandbox.finishForwarding();
            sandbox.releaseLock();
            // If the removal fails, the sandbox is found again by its directory.
            sandboxes.remove(id);
            removeDirectory(sandbox, failed);
        }
    }

    List<Sandbox> all() {
        return List.copyOf(sandboxes.values());
    }

    /** Interrupts checkouts, so that the launches that wait for them fail. */
    void cancelPreparations() {
        workspaces.close();
    }

    /** Ends the threads of this registry except the watcher. Waits for a limited time. */
    void close(Duration atMost) {
        BooleanSupplier isOver = DirectoryTree.deadline(atMost);
        cleaner.close(atMost);
        remover.close(atMost);
        try {
            if (!fileWork.close(isOver.getAsBoolean() ? Duration.ZERO : atMost)) {
                LOG.warn("Some files of sandboxes take too long to read");
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how many directories could not be deleted so far. */
    int undeletedDirectories() {
        return remover.failing();
    }

    private boolean isInUse(Path directory) {
        return sandboxes.values().stream()
                .anyMatch(sandbox -> sandbox.directory().root().equals(directory));
    }

    SandboxWatcher watcher() {
        return watcher;
    }

    /** Must precede the removal, so that a concurrent launch sees the directory or the marker. */
    private void markDiscarded(SandboxId id, Sandbox sandbox) {
        if (new SandboxStateFiles(sandbox.directory()).pid().isEmpty()) {
            return; // The sandbox was never started.
        }
        try {
            workDirectory.markDiscarded(id);
        } catch (IOException failure) {
            throw PortExceptions.retryable("cannot discard " + id, failure);
        }
    }

    /** Deletes a sandbox's directory, or sets it aside as the cleanup policy demands. */
    void removeDirectory(Sandbox sandbox, boolean failed) {
        SandboxDirectory directory = sandbox.directory();
        try {
            if (!Files.isDirectory(directory.root())) {
                return;
            }
            // Secrets that cannot be erased must not stay for days.
            if (settings.cleanupPolicy().keeps(failed) && sandbox.hasErasedSecrets()) {
                workDirectory.retain(directory);
            } else {
                remover.remove(workDirectory.moveToDeleted(directory.root()));
            }
            workspaces.discard(sandbox.id());
        } catch (NoSuchFileException cleared) {
            // A launcher of another process removed it at the same time.
        } catch (IOException failure) {
            throw PortExceptions.retryable("cannot remove " + directory.root(), failure);
        }
    }

    /**
     * Acquires the lock of a sandbox that is not known yet, and removes what an interrupted launch
     * left of it. Returns the sandbox if another launcher has started it meanwhile.
     */
    private Optional<Sandbox> acquire(SandboxId id, SandboxLock lock) {
        if (!lock.tryAcquire()) {
            throw PortExceptions.retryable(id + " is being started by another launcher");
        }
        Optional<Sandbox> found = find(id);
        if (found.isPresent()) {
            lock.release(); // The sandbox has a lock of its own.
        } else {
            if (workDirectory.wasDiscarded(id)) {
                throw PortExceptions.retryable(
                        id + " has ended and was discarded, so it is not started again");
            }
            deleteIncompleteStart(id);
        }
        return found;
    }

    /** Starts a sandbox under its lock. */
    private Sandbox start(LaunchRequest request, SandboxLock lock) {
        SandboxId id = request.sandbox();
        Sandbox sandbox = starter.launch(request, directory(id), lock);
        sandboxes.put(id, sandbox);
        removeDeletedSandboxes();
        return sandbox;
    }

    /**
     * Stops a sandbox that another launcher may be about to start: its shell sees the stop reason,
     * or has written its pid by now.
     */
    private Optional<Sandbox> stopBeforeStart(SandboxId id, StopReason reason) {
        SandboxStateFiles stateFiles = new SandboxStateFiles(directory(id));
        if (!Files.isDirectory(directory(id).root()) || stateFiles.pid().isPresent()) {
            return find(id);
        }
        try {
            stateFiles.createDirectory();
            stateFiles.stopReason(reason);
        } catch (NoSuchFileException cleared) {
            return Optional.empty();
        } catch (IOException failure) {
            throw PortExceptions.retryable("cannot stop " + id, failure);
        }
        return find(id);
    }

    /** Removes sandboxes that another process discarded while this process was paused. */
    private void removeDeletedSandboxes() {
        sandboxes
                .values()
                .removeIf(
                        sandbox ->
                                sandbox.isOver() && !Files.isDirectory(sandbox.directory().root()));
    }

    /** The sandbox, if it is alive or is known to have ended. */
    private Optional<Sandbox> find(SandboxId id) {
        return findIncludingLost(id).filter(sandbox -> !sandbox.isLost());
    }

    /** Finds a sandbox in memory or by its directory, which another launcher may have created. */
    private Optional<Sandbox> findIncludingLost(SandboxId id) {
        Sandbox sandbox = sandboxes.get(id);
        if (sandbox != null || !Files.isDirectory(directory(id).root())) {
            return Optional.ofNullable(sandbox);
        }
        SandboxLock lock = new SandboxLock(workDirectory, id);
        boolean isStarted = new SandboxStateFiles(directory(id)).pid().isPresent();
        if (!isStarted && !lock.tryAcquire()) {
            return Optional.empty(); // Another launcher is about to start it.
        }
        Sandbox found = finder.find(id, directory(id), lock);
        if (found.haveProcessesEnded()) {
            found.processesEnded();
            found.awaitErasure();
        }
        if (found.isLost()) {
            lock.release();
        } else {
            sandboxes.put(id, found);
            watchUnlessEnded(found);
        }
        return Optional.of(found);
    }

    private void watchUnlessEnded(Sandbox sandbox) {
        if (!sandbox.haveProcessesEnded()) {
            watcher.watch(sandbox);
        }
    }

    /** Deletes a directory without pid, which an interrupted launch left. */
    private void deleteIncompleteStart(SandboxId id) {
        sandboxes.remove(id);
        SandboxDirectory directory = directory(id);
        if (!Files.isDirectory(directory.root())) {
            return;
        }
        if (new SandboxStateFiles(directory).pid().isPresent()) {
            throw PortExceptions.retryable(
                    id + " was started before and lost, so it is not started again");
        }
        try {
            remover.remove(workDirectory.moveToDeleted(directory.root()));
        } catch (IOException failure) {
            throw PortExceptions.retryable("cannot remove " + directory.root(), failure);
        }
    }

    private SandboxDirectory directory(SandboxId id) {
        return SandboxDirectory.of(settings.workDirectory(), id);
    }

    private Object monitor(SandboxId id) {
        return monitors.get(Math.floorMod(id.hashCode(), MONITORS));
    }
}
