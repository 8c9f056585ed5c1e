package dev.errand.benchmarks.durable;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import com.zaxxer.hikari.HikariDataSource;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;

/**
 * JobRunr, free edition: a job is a row that is kept after it is done. It polls when a worker is
 * idle and the last poll found work, otherwise every five seconds, the minimum that it recommends.
 */
final class JobRunrCandidate implements LifecycleCandidate {

    private static final int SECONDS_BETWEEN_POLLS = 5;

    /** A shorter window might contain no poll, or only one. */
    private static final long TWO_POLLS_MILLIS = 2 * 1_000 * SECONDS_BETWEEN_POLLS;

    /** JobRunr instantiates its handlers, so they find their load here. */
    private static volatile SchedulerLoad current;

    @Override
    public String label() {
        return "JobRunr";
    }

    @Override
    public Outcome measure(String url, int threads, Window window) throws Exception {
        SchedulerLoad peer = new SchedulerLoad();
        current = peer;
        try (HikariDataSource pool = ErrandHost.pool(url, 2 * threads + 3)) {
            JobRequestScheduler scheduler =
                    JobRunr.configure()
                            .useStorageProvider(new PostgresStorageProvider(pool))
                            .useBackgroundJobServer(
                                    usingStandardBackgroundJobServerConfiguration()
                                            .andWorkerCount(threads)
                                            .andPollIntervalInSeconds(SECONDS_BETWEEN_POLLS))
                            .initialize()
                            .getJobRequestScheduler();
            try {
                return peer.measure(
                        number -> scheduler.enqueue(new Request(SampleWork.of(number).document())),
                        threads,
                        new Window(window.warmUpMillis(), TWO_POLLS_MILLIS));
            } finally {
                JobRunr.destroy();
            }
        }
    }

    /** A unit of work. */
    public record Request(String document) implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    /** Only counts the unit. */
    public static final class Handler implements JobRequestHandler<Request> {
        /** Created by JobRunr. */
        public Handler() {}

        @Override
        public void run(Request request) {
            current.completed();
        }
    }
}
