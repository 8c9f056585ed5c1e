package dev.errand.server;

import dev.errand.Errand;
import dev.errand.artifact.StagingCleaner;
import dev.errand.spi.ProjectId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes uploads periodically that no run consumed in time (docs/wire/artifacts.md#h7), on its own
 * thread.
 */
final class PeriodicCleanup implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicCleanup.class);
    private static final Duration INTERVAL = Duration.ofMinutes(15);
    private static final long CLOSE_SECONDS = 10;

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    work -> {
                        Thread made = new Thread(work, "errand-housekeeping");
                        made.setDaemon(true);
                        return made;
                    });

    private PeriodicCleanup() {}

    /** Starts the cleanup, after an initial delay. */
    static PeriodicCleanup start(Errand errand, List<ProjectId> projects) {
        StagingCleaner sweeper = errand.stagingCleaner();
        return every(INTERVAL, () -> projects.forEach(sweeper::sweep));
    }

    /** Runs a task repeatedly; a failed run is repeated after the next interval. */
    static PeriodicCleanup every(Duration interval, Runnable work) {
        PeriodicCleanup housekeeping = new PeriodicCleanup();
        Runnable logged =
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException failure) {
                        LOG.warn("cleanup failed; it will be retried", failure);
                    }
                };
        long nanos = interval.toNanos();
        housekeeping.thread.scheduleWithFixedDelay(logged, nanos, nanos, TimeUnit.NANOSECONDS);
        return housekeeping;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("storage still does not answer");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
