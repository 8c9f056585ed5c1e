package dev.errand.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what was kept for long enough, and what nobody asked for since: a sandbox may end after
 * its run was forgotten, or with a host that gave it up in its last moment. It looks now and then
 * while there is work, on a thread that lasts as long as the look. Thread-safe.
 */
final class Sweeper {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    /** Also how long an owner of a run may be paused and still find that others saw to it. */
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Settings settings;
    private final WorkDirectory workDirectory;
    private final ProcessTable table;
    private final Predicate<Path> isKnown;

    // guarded by this
    private long nextAt = System.nanoTime();
    private boolean closed;
    private Thread thread;

    /**
     * Has looked at nothing yet.
     *
     * @param isKnown whether somebody in this process still has to do with a sandbox's directory
     */
    Sweeper(
            Settings settings,
            WorkDirectory workDirectory,
            ProcessTable table,
            Predicate<Path> isKnown) {
        this.settings = settings;
        this.workDirectory = workDirectory;
        this.table = table;
        this.isKnown = isKnown;
    }

    /** Begins a look, if it is time for one. */
    synchronized void sweepIfDue() {
        if (closed || thread != null && thread.isAlive() || System.nanoTime() - nextAt < 0) {
            return;
        }
        Duration keepFor = settings.keepFor();
        Duration pause = keepFor.compareTo(LONGEST_PAUSE) < 0 ? keepFor : LONGEST_PAUSE;
        nextAt = System.nanoTime() + pause.toNanos();
        thread = new Thread(this::sweep, "errand-sandbox-sweeper");
        thread.setDaemon(true);
        thread.start();
    }

    /** Looks no more; returns when what is being deleted is. */
    void close() {
        Thread last;
        synchronized (this) {
            closed = true;
            last = thread;
        }
        try {
            if (last != null) {
                last.join();
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweep() {
        try {
            workDirectory.forgetPutAway(settings.clock().instant().minus(LONGEST_PAUSE));
            for (Path directory :
                    workDirectory.olderThan(settings.clock().instant().minus(settings.keepFor()))) {
                if (isClosed()) {
                    return;
                }
                if (isOver(directory)) {
                    workDirectory.deleteForGood(directory);
                }
            }
        } catch (IOException | RuntimeException failure) {
            LOG.warn("Cannot look for what was kept for long enough; tried again", failure);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** What bears the name of a sandbox may still be one. */
    private boolean isOver(Path directory) {
        String name = directory.getFileName().toString();
        if (!name.matches("attempt_[0-9]+")) {
            return true;
        }
        SandboxMark mark =
                SandboxMark.of(
                        directory.getParent().getFileName().toString().replaceFirst("run_", ""),
                        name.replaceFirst("attempt_", ""));
        boolean canTell =
                table.knowsMarks() || Files.exists(new SandboxDirectory(directory).exitCode());
        return canTell
                && !isKnown.test(directory)
                && table.rows().stream().noneMatch(row -> table.bears(row.pid(), mark));
    }
}
