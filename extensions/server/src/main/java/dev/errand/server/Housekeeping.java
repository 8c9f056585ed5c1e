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
 * Now and then deletes uploads that no run consumed in time (contract H7), in a thread of its own.
 */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PAUSE = Duration.ofMinutes(15);
    private static final long CLOSE_SECONDS = 10;

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    work -> {
                        Thread made = new Thread(work, "errand-housekeeping");
                        made.setDaemon(true);
                        return made;
                    });

    private Housekeeping() {}

    /** Begins, with a pause first. */
    static Housekeeping start(Errand errand, List<ProjectId> projects) {
        StagingCleaner sweeper = errand.stagingCleaner();
        return every(PAUSE, () -> projects.forEach(sweeper::sweep));
    }

    /** Does some work again and again; work that fails is done again after the next pause. */
    static Housekeeping every(Duration pause, Runnable work) {
        Housekeeping housekeeping = new Housekeeping();
        Runnable careful =
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException failure) {
                        LOG.warn("will look again for what expired", failure);
                    }
                };
        long nanos = pause.toNanos();
        housekeeping.thread.scheduleWithFixedDelay(careful, nanos, nanos, TimeUnit.NANOSECONDS);
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
