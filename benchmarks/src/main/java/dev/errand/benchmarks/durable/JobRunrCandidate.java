package dev.errand.benchmarks.durable;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import com.zaxxer.hikari.HikariDataSource;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;

/**
 * JobRunr, the free edition: a job is a row that stands after it is done. It asks for work when a
 * worker is idle and there was work, else every five seconds, the least that it advises.
 */
final class JobRunrCandidate implements LifecycleCandidate {

    private static final int SECONDS_BETWEEN_POLLS = 5;

    /** A shorter window may fall between two polls, or into one. */
    private static final long TWO_POLLS_MILLIS = 2 * 1_000 * SECONDS_BETWEEN_POLLS;

    /** JobRunr makes its handlers itself, so they find their peer here. */
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

    /** A unit. */
    public record Request(String document) implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    /** Does nothing but count. */
    public static final class Handler implements JobRequestHandler<Request> {
        /** Made by JobRunr. */
        public Handler() {}

        @Override
        public void run(Request request) {
            current.completed();
        }
    }
}
