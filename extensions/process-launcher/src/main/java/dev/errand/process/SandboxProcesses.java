package dev.errand.process;

import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of one sandbox and the steps of their end: SIGTERM, SIGKILL after the grace period,
 * and SIGKILL for processes that remain after the first process has ended. The watcher advances it
 * by calling {@link #update}. Thread-safe.
 */
final class SandboxProcesses {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxProcesses.class);
    private static final Duration TERMINATE_INTERVAL = Duration.ofMillis(200);
    private static final Duration KILL_INTERVAL = Duration.ofMillis(20);
    private static final int EXIT_CODE_OF_SIGKILL = 128 + 9;
    private static final int EMPTY_CHECKS = 2;

    private final SandboxId sandbox;
    private final SandboxStateFiles stateFiles;
    private final MainProcess main;
    private final ProcessTree tree;
    private final ResourceMonitor resources;
    private final LauncherSettings settings;
    private final Instant deadline;

    // guarded by this
    private Optional<StopDeadline> stopDeadline;
    private Optional<StopReason> stopReason;
    private Optional<String> exceededLimit;
    private Optional<Integer> exitCode = Optional.empty();
    private Optional<Long> killedSince = Optional.empty();
    private boolean terminated;
    private boolean mainEnded;
    private int emptyChecks;
    private boolean ended;
    private int survivors;

    SandboxProcesses(
            SandboxId sandbox,
            SandboxStateFiles stateFiles,
            MainProcess main,
            ProcessTree tree,
            ResourceMonitor resources,
            LauncherSettings settings) {
        this.sandbox = sandbox;
        this.stateFiles = stateFiles;
        this.main = main;
        this.tree = tree;
        this.resources = resources;
        this.settings = settings;
        this.deadline = stateFiles.deadline().orElse(Instant.MAX);
        this.stopReason = stateFiles.stopReason();
        // An earlier launcher began to stop the sandbox.
        this.exceededLimit = stateFiles.exceededLimit();
        this.stopDeadline =
                stopReason.isPresent() || exceededLimit.isPresent()
                        ? Optional.of(StopDeadline.of(settings.grace()))
                        : Optional.empty();
        main.handle().ifPresent(tree::add);
    }

    /** Records that no process is alive, for a sandbox that an earlier launcher started. */
    synchronized void markEnded() {
        mainEnded = true;
        exitCode = stateFiles.exitCode();
        ended = true;
        tree.close();
    }

    /** Starts to stop the sandbox. Has no effect once its first process has ended. */
    synchronized void stop(Optional<StopReason> reason, Duration grace) {
        if (hasMainEnded()) {
            return;
        }
        StopDeadline requested = StopDeadline.of(grace);
        if (stopDeadline.isEmpty()) {
            LOG.info("{} is stopped: {}", sandbox, reason.map(Enum::name).orElse("closing"));
            if (stopReason.isEmpty()) {
                stopReason = reason;
                reason.ifPresent(this::write);
            }
        }
        stopDeadline =
                Optional.of(
                        stopDeadline.map(earlier -> earlier.earliest(requested)).orElse(requested));
    }

    /** Advances the processes and returns after what time to call again. */
    synchronized Duration update(ProcessSnapshot snapshot) {
        if (mainEnded) {
            return killRemaining(snapshot);
        }
        if (!main.isAlive(snapshot)) {
            mainEnded = true;
            exitCode = findExitCode();
            // The snapshot may have been taken before the end.
            return Duration.ZERO;
        }
        Duration left = Duration.between(settings.clock().instant(), deadline);
        if (stopDeadline.isEmpty() && (left.isZero() || left.isNegative())) {
            stop(Optional.of(StopReason.TIME_LIMIT), settings.grace());
        }
        Set<ProcessHandle> alive = tree.observe(snapshot);
        if (stopDeadline.isEmpty()) {
            resources.exceededLimit(alive).ifPresent(this::stopForExceededLimit);
        }
        if (stopDeadline.isPresent()) {
            // Children that are missing in an older snapshot would be orphaned unnoticed.
            return snapshot.isTakenAfter(stopDeadline.get().requestedAt())
                    ? terminate(snapshot)
                    : Duration.ZERO;
        }
        return min(left, settings.timing().watchInterval());
    }

    private void stopForExceededLimit(String limit) {
        LOG.info("{} is stopped because {}", sandbox, limit);
        exceededLimit = Optional.of(limit);
        try {
            stateFiles.exceededLimit(limit);
        } catch (IOException failed) {
            LOG.warn("{}: cannot record the exceeded limit", sandbox, failed);
        }
        stop(Optional.empty(), settings.grace());
    }

    /** Returns whether the first process has ended. */
    synchronized boolean hasMainEnded() {
        return mainEnded || main.exitCode().isPresent();
    }

    /** Returns whether no process is alive, or none that can be killed. */
    synchronized boolean hasEnded() {
        return ended;
    }

    /**
     * Returns the exit code, or empty while the sandbox runs or if the code was lost together with
     * an earlier launcher.
     */
    synchronized Optional<Integer> exitCode() {
        return exitCode;
    }

    synchronized Optional<StopReason> stopReason() {
        return stopReason;
    }

    /** Returns the resource limit for which the sandbox was ended. */
    synchronized Optional<String> exceededLimit() {
        // The exit code shows what really ended it, even if it was being stopped for another limit.
        return exitCode.flatMap(settings.resourceLimits()::exceededLimit).or(() -> exceededLimit);
    }

    /** Returns how many processes survived SIGKILL. */
    synchronized int survivors() {
        return survivors;
    }

    private Duration terminate(ProcessSnapshot snapshot) {
        if (!isKillDue()) {
            terminateOnce(snapshot);
            return min(stopDeadline.orElseThrow().untilKill(), TERMINATE_INTERVAL);
        }
        if (hasKillTimedOut()) {
            mainEnded = true;
            exitCode = Optional.of(EXIT_CODE_OF_SIGKILL);
            return killRemaining(snapshot);
        }
        Set<ProcessHandle> alive = tree.search(snapshot);
        killGroup();
        return kill(alive);
    }

    /**
     * Sends SIGTERM only once: many programs exit immediately on the second one, and processes
     * started meanwhile may be part of an orderly shutdown.
     */
    private void terminateOnce(ProcessSnapshot snapshot) {
        if (!terminated) {
            terminated = true;
            ProcessTree.terminate(tree.search(snapshot));
        }
    }

    /** Processes that received SIGTERM keep their grace period; all others are killed at once. */
    private Duration killRemaining(ProcessSnapshot snapshot) {
        if (!isKillDue() && !tree.observe(snapshot).isEmpty()) {
            return min(stopDeadline.orElseThrow().untilKill(), TERMINATE_INTERVAL);
        }
        Set<ProcessHandle> alive = tree.search(snapshot);
        emptyChecks = alive.isEmpty() ? emptyChecks + 1 : 0;
        if (emptyChecks >= EMPTY_CHECKS || hasKillTimedOut()) {
            ended = true;
            survivors = alive.size();
            tree.close();
            LOG.info("{} ended, exit code {}", sandbox, exitCode.map(String::valueOf).orElse("?"));
            return settings.timing().watchInterval();
        }
        return isKillDue() ? kill(alive) : KILL_INTERVAL;
    }

    private Duration kill(Set<ProcessHandle> alive) {
        if (killedSince.isEmpty() && !alive.isEmpty()) {
            killedSince = Optional.of(System.nanoTime());
        }
        tree.kill(alive);
        return KILL_INTERVAL;
    }

    private void killGroup() {
        if (tree.hasSession() && main.handle().isPresent()) {
            try {
                ProcessGroup.kill(main.handle().get().pid());
            } catch (IOException failed) {
                LOG.warn(
                        "{}: cannot kill its process group; its processes are killed one by one",
                        sandbox,
                        failed);
            }
        }
    }

    private boolean isKillDue() {
        return stopDeadline.isEmpty() || stopDeadline.get().isKillDue();
    }

    private boolean hasKillTimedOut() {
        long patience = settings.timing().killTimeout().toNanos();
        return killedSince.map(since -> System.nanoTime() - since > patience).orElse(false);
    }

    /** The shell writes the exit code unless it was killed itself. */
    private Optional<Integer> findExitCode() {
        Optional<Integer> written = stateFiles.exitCode();
        if (written.isPresent()) {
            return written;
        }
        Optional<Integer> found = main.exitCode();
        if (found.isEmpty() && killedSince.isPresent()) {
            found = Optional.of(EXIT_CODE_OF_SIGKILL);
        }
        found.ifPresent(this::write);
        return found;
    }

    private void write(int code) {
        try {
            stateFiles.exitCode(code);
        } catch (IOException failed) {
            LOG.warn("{}: cannot record its exit code {}", sandbox, code, failed);
        }
    }

    private void write(StopReason reason) {
        try {
            stateFiles.stopReason(reason);
        } catch (IOException failed) {
            LOG.warn("{}: cannot record that it is stopped", sandbox, failed);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
