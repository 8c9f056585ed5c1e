package dev.errand.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a launcher in order: processes, remaining output, directories, and finally the work
 * directory.
 */
final class LauncherShutdown {

    private static final Logger LOG = LoggerFactory.getLogger(LauncherShutdown.class);
    private static final Duration FORWARDING_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FILES_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration EXTRA_WAIT = Duration.ofSeconds(5);

    private final LauncherSettings settings;
    private final SandboxRegistry sandboxes;
    private final WorkDirectory workDirectory;

    LauncherShutdown(
            LauncherSettings settings, SandboxRegistry sandboxes, WorkDirectory workDirectory) {
        this.settings = settings;
        this.sandboxes = sandboxes;
        this.workDirectory = workDirectory;
    }

    /** Closes the launcher, which accepts no calls any more. An interrupt is restored. */
    void close() {
        switch (settings.closeAction()) {
            case LEAVE_RUNNING -> leaveRunning();
            case STOP -> stopAll();
        }
    }

    /** Leaves output and exits to the next launcher. */
    private void leaveRunning() {
        sandboxes.watcher().stop();
        List<Sandbox> all = sandboxes.all();
        boolean interrupted = !awaitForwarders(all, Sandbox::stopForwarding);
        closeWorkDirectory();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** An interrupt reduces every grace period to zero. */
    private void stopAll() {
        List<Sandbox> all = sandboxes.all();
        all.forEach(sandbox -> sandbox.close(settings.grace()));
        boolean interrupted =
                !awaitProcesses(settings.grace().plus(settings.timing().killTimeout()));
        if (interrupted) {
            all.forEach(sandbox -> sandbox.close(Duration.ZERO));
            awaitProcesses(settings.timing().killTimeout());
        }
        interrupted |= !awaitForwarders(all, Sandbox::finishForwarding);
        BooleanSupplier isOver = DirectoryTree.deadline(FILES_TIMEOUT);
        for (Sandbox sandbox : all) {
            if (sandbox.wasEndedByClosing()) {
                if (!isOver.getAsBoolean()) {
                    sandbox.awaitErasure();
                }
                removeDirectory(sandbox);
            }
        }
        closeWorkDirectory();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeWorkDirectory() {
        sandboxes.close(FILES_TIMEOUT);
        try {
            workDirectory.close();
        } catch (IOException failure) {
            LOG.warn("Cannot close the work directory", failure);
        }
        if (settings.isTemporary()) {
            deleteWorkDirectory();
        }
    }

    private void deleteWorkDirectory() {
        try {
            DirectoryTree.delete(
                    settings.workDirectory(), DirectoryTree.deadline(FORWARDING_TIMEOUT));
        } catch (IOException | TimeoutException failure) {
            LOG.warn("Cannot delete {}; delete it manually", settings.workDirectory(), failure);
        }
    }

    /** Returns false if interrupted. */
    private boolean awaitProcesses(Duration atMost) {
        sandboxes.watcher().wake();
        try {
            if (!sandboxes.watcher().awaitIdle(atMost.plus(EXTRA_WAIT))) {
                LOG.error("Some processes could not be killed");
            }
            return true;
        } catch (InterruptedException hurry) {
            return false;
        }
    }

    /** Returns false if interrupted. */
    private boolean awaitForwarders(
            List<Sandbox> all, Function<Sandbox, Optional<OutputForwarder>> closeForwarder) {
        List<OutputForwarder> forwarders =
                all.stream().map(closeForwarder).flatMap(Optional::stream).toList();
        long until = System.nanoTime() + FORWARDING_TIMEOUT.toNanos();
        try {
            for (OutputForwarder forwarder : forwarders) {
                if (!forwarder.join(Duration.ofNanos(Math.max(0, until - System.nanoTime())))) {
                    LOG.warn("A listener did not accept the output of its sandbox in time");
                }
            }
            return true;
        } catch (InterruptedException hurry) {
            return false;
        }
    }

    private void removeDirectory(Sandbox sandbox) {
        try {
            sandboxes.removeDirectory(sandbox, true);
        } catch (RuntimeException failure) {
            LOG.warn("Cannot remove the directory of a stopped sandbox", failure);
        }
    }
}
