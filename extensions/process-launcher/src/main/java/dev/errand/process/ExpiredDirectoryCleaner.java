package dev.errand.process;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes directories that were kept long enough, directories whose deletion was interrupted, and
 * directories of ended sandboxes that were never discarded, for example because their run was
 * forgotten or their host ended. It runs from time to time while sandboxes are launched, on a
 * thread that ends after each run. Thread-safe.
 */
final class ExpiredDirectoryCleaner {

    private static final Logger LOG = LoggerFactory.getLogger(ExpiredDirectoryCleaner.class);

    /**
     * The maximum interval between two runs, and the time for which a launcher that was paused can
     * still detect that its sandbox was discarded.
     */
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);

    private final LauncherSettings settings;
    private final WorkDirectory workDirectory;
    private final ProcessTable table;
    private final DirectoryRemover remover;
    private final Predicate<Path> isInUse;

    // guarded by this
    private long nextRunAt = System.nanoTime();
    private boolean closed;
    private @Nullable Thread thread;

    /**
     * Creates a cleaner that has not run yet.
     *
     * @param isInUse whether this process uses a sandbox's directory
     */
    ExpiredDirectoryCleaner(
            LauncherSettings settings,
            WorkDirectory workDirectory,
            ProcessTable table,
            DirectoryRemover remover,
            Predicate<Path> isInUse) {
        this.settings = settings;
        this.workDirectory = workDirectory;
        this.table = table;
        this.remover = remover;
        this.isInUse = isInUse;
    }

    /** Starts a run in the background if one is due. */
    synchronized void startIfDue() {
        if (closed || thread != null && thread.isAlive() || System.nanoTime() - nextRunAt < 0) {
            return;
        }
        Duration keepFor = settings.keepFor();
        Duration pause = keepFor.compareTo(MAX_INTERVAL) < 0 ? keepFor : MAX_INTERVAL;
        nextRunAt = System.nanoTime() + pause.toNanos();
        thread = new Thread(this::deleteExpired, "errand-sandbox-cleaner");
        thread.setDaemon(true);
        thread.start();
    }

    /** Prevents further runs and waits for the current one to stop, for a limited time. */
    void close(Duration atMost) {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        try {
            if (running != null) {
                running.join(Math.max(1, atMost.toMillis()));
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void deleteExpired() {
        try {
            workDirectory.listDeleted().forEach(remover::remove);
            workDirectory.deleteDiscardMarkers(settings.clock().instant().minus(MAX_INTERVAL));
            for (Path directory :
                    workDirectory.listOlderThan(
                            settings.clock().instant().minus(settings.keepFor()))) {
                if (isClosed()) {
                    return;
                }
                if (hasEnded(directory)) {
                    delete(directory);
                }
            }
        } catch (IOException | RuntimeException failure) {
            LOG.warn("Cannot delete expired sandbox directories; will be retried", failure);
        }
    }

    private void delete(Path directory) throws IOException {
        try {
            remover.remove(workDirectory.moveToDeleted(directory));
            LOG.info("{} has expired and is deleted", directory);
        } catch (NoSuchFileException cleared) {
            // Another launcher deleted it at the same time.
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** A directory with the name of a sandbox may belong to a living one. */
    private boolean hasEnded(Path directory) {
        String name = directory.getFileName().toString();
        if (!name.matches("attempt_[0-9]+")) {
            return true;
        }
        SandboxMark mark =
                SandboxMark.of(
                        Objects.requireNonNull(directory.getParent())
                                .getFileName()
                                .toString()
                                .replaceFirst("run_", ""),
                        name.replaceFirst("attempt_", ""));
        boolean isDecidable =
                table.canReadMarks()
                        || new SandboxStateFiles(new SandboxDirectory(directory))
                                .exitCode()
                                .isPresent();
        return isDecidable
                && !isInUse.test(directory)
                && table.processes().stream().noneMatch(row -> table.hasMark(row.pid(), mark));
    }
}
