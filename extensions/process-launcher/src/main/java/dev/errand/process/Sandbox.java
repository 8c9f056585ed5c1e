package dev.errand.process;

import dev.errand.process.FileWork.Task;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sandbox: its directory, its processes and the forwarding of its output. It has ended when no
 * process is alive, its secrets are erased and all output was forwarded. Nothing that the agent can
 * slow down is done on a caller's thread. Thread-safe.
 */
final class Sandbox {

    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

    private static final Duration MAX_ERASURE = Duration.ofSeconds(20);

    /** Less than the time within which a stop must be confirmed. */
    private static final Duration MAX_COLLECTING_CHANGES = Duration.ofMinutes(8);

    private static final Duration MAX_COLLECTION = Duration.ofMinutes(2);

    /** How long a caller waits for work on files before it gets a preliminary answer. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);

    private final SandboxId id;
    private final SandboxDirectory directory;
    private final SandboxProcesses processes;
    private final Optional<ActiveProfile> profile;
    private final LauncherSettings settings;
    private final SandboxLock lock;
    private final FileWork fileWork;
    private final SandboxUsers users;
    private final SandboxWorkspaces workspaces;

    // guarded by this
    private Optional<Task<Boolean>> erasure = Optional.empty();
    private Optional<String> conversationNote = Optional.empty();
    private Optional<Task<Boolean>> changes = Optional.empty();
    private Optional<Task<SandboxExit>> collection = Optional.empty();
    private Optional<OutputForwarder> forwarder = Optional.empty();
    private boolean endedByClosing;

    /** The {@link System#nanoTime()} since when another launcher is known to forward the output. */
    private Optional<Long> forwardedElsewhereSince = Optional.empty();

    Sandbox(
            SandboxId id,
            SandboxDirectory directory,
            SandboxProcesses processes,
            Optional<ActiveProfile> profile,
            LauncherSettings settings,
            SandboxLock lock,
            FileWork fileWork,
            SandboxUsers users,
            SandboxWorkspaces workspaces) {
        this.id = id;
        this.fileWork = fileWork;
        this.users = users;
        this.workspaces = workspaces;
        this.lock = lock;
        this.directory = directory;
        this.processes = processes;
        this.profile = profile;
        this.settings = settings;
    }

    SandboxId id() {
        return id;
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
                        profile.map(it -> new OutputTranslator(it, settings.clock())),
                        settings.timing(),
                        lock::release);
        started.start();
        forwarder = Optional.of(started);
        if (isCleanedUp()) {
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

    /**
     * Returns whether no process is alive, the changes are collected, the secrets are erased and
     * all output was forwarded.
     */
    synchronized boolean isOver() {
        if (!isCleanedUp()) {
            return false;
        }
        forwarder.ifPresent(OutputForwarder::outputEnded);
        return forwarder.map(OutputForwarder::isDone).orElseGet(() -> !isForwardedElsewhere());
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
     * change. If that takes long, the sandbox counts as running meanwhile.
     */
    SandboxState state() {
        if (!isOver()) {
            return new SandboxState.Running();
        }
        return processes.exitCode().map(this::results).orElseGet(SandboxState.Gone::new);
    }

    private SandboxState results(int code) {
        Task<SandboxExit> running;
        synchronized (this) {
            running = collection.orElseGet(() -> fileWork.start(() -> exit(code)));
            collection = Optional.of(running);
        }
        Optional<SandboxExit> exit;
        try {
            exit = running.await(MAX_WAIT);
        } finally {
            synchronized (this) {
                collection = running.isDone() ? Optional.empty() : collection;
            }
        }
        if (exit.isEmpty() && !running.isOverdue(MAX_COLLECTION)) {
            return new SandboxState.Running();
        }
        return new SandboxState.Exited(exit.orElseGet(() -> exitWithoutResults(code)));
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

    private SandboxExit exitWithoutResults(int code) {
        return new SandboxExit(
                code,
                processes.stopReason(),
                Optional.empty(),
                Optional.of(
                        "its results could not be collected within "
                                + MAX_COLLECTION.toSeconds()
                                + " s"),
                List.of(),
                List.of());
    }

    private SandboxExit exit(int code) {
        ResultCollector results = new ResultCollector(directory, settings.resultLimits());
        synchronized (this) {
            forwarder.flatMap(OutputForwarder::problem).ifPresent(results::addNote);
            conversationNote.ifPresent(results::addNote);
        }
        processes
                .exceededLimit()
                .ifPresent(limit -> results.addProblem("stopped because " + limit));
        if (processes.survivors() > 0) {
            results.addProblem(processes.survivors() + " processes could not be killed");
        }
        synchronized (this) {
            changes.filter(task -> task.result().isEmpty())
                    .ifPresent(
                            task ->
                                    results.addNote(
                                            "the changes of the agent could not be collected"
                                                    + (task.isDone() ? "" : " in time")));
        }
        return SandboxWorkspaces.addChanges(
                results.collect(code, processes.stopReason(), profile, settings.clock().instant()),
                directory);
    }

    /**
     * Collects the changes and erases the secrets in the background, and lets the forwarder finish
     * then. Called when no process is alive, once or more often.
     */
    synchronized void processesEnded() {
        if (erasure.isEmpty()) {
            if (!endedByClosing && !isLost()) {
                changes = workspaces.startCollecting(id, directory, MAX_ERASURE);
            }
            boolean collects = changes.isPresent();
            Task<Boolean> started = fileWork.start(() -> eraseSecrets(collects));
            erasure = Optional.of(started);
            started.onEnd(this::outputEnded);
            changes.ifPresent(task -> task.onEnd(this::outputEnded));
        }
    }

    /** Waits for the erasure of the secrets, for two seconds at most. */
    void awaitErasure() {
        Optional<Task<Boolean>> running;
        synchronized (this) {
            running = erasure;
        }
        running.ifPresent(task -> task.awaitEnd(MAX_WAIT));
    }

    /** Erases all secrets, except those with which the changes are being collected. */
    private boolean eraseSecrets(boolean collects) {
        try {
            keepConversation();
            directory.eraseSecrets(MAX_ERASURE);
            if (!collects) {
                directory.eraseCollectorSecrets(MAX_ERASURE);
            }
            if (!users.isEmpty()) {
                SandboxUser.takeBack(directory);
            }
            users.release(id);
            return true;
        } catch (IOException failed) {
            LOG.error("{}: cannot put its files out of reach", id, failed);
            return false;
        }
    }

    /** The secrets are erased even if this fails. */
    private void keepConversation() {
        if (profile.isEmpty() || processes.exitCode().isEmpty()) {
            return;
        }
        Optional<String> note;
        try {
            note =
                    SessionFiles.keep(
                            directory,
                            profile.get(),
                            processes.exitCode().get(),
                            processes.stopReason(),
                            settings.clock().instant());
        } catch (IOException | RuntimeException failure) {
            LOG.warn("{}: cannot keep the conversation of its agent", id, failure);
            note = Optional.of("the conversation could not be read, so that it cannot be resumed");
        }
        synchronized (this) {
            conversationNote = note;
        }
    }

    private synchronized void outputEnded() {
        if (isCleanedUp()) {
            forwarder.ifPresent(OutputForwarder::outputEnded);
        }
    }

    /**
     * Returns whether the secrets are erased and the changes are collected, or could not be in
     * time.
     */
    private synchronized boolean isCleanedUp() {
        return erasure.filter(task -> task.isDone() || task.isOverdue(MAX_ERASURE.multipliedBy(2)))
                        .isPresent()
                && changes.map(task -> task.isDone() || task.isOverdue(MAX_COLLECTING_CHANGES))
                        .orElse(true);
    }

    /** Returns whether nothing is left of the secrets, so that the directory may be kept. */
    synchronized boolean hasErasedSecrets() {
        return erasure.flatMap(Task::result).orElse(false)
                && changes.map(task -> task.result().orElse(false)).orElse(true);
    }
}
