package dev.errand.benchmarks.durable;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Schedulers of db-scheduler, each with a separate pool and empty tasks: one row per unit, deleted
 * when it is done. Configured as its documentation recommends for throughput on PostgreSQL.
 */
final class DbSchedulerDispatch implements DispatchCandidate {

    private static final int BATCH = 500;
    private static final long PATIENCE_MINUTES = 5;

    @Override
    public String label() {
        return "db-scheduler";
    }

    @Override
    public void queue(String url, int units) throws SQLException {
        OneTimeTask<String> task = task(() -> {});
        try (HikariDataSource pool = ErrandHost.pool(url, 1)) {
            try (var connection = pool.getConnection()) {
                BenchmarkTables.execute(connection, DbSchedulerCandidate.TABLE);
            }
            SchedulerClient client =
                    SchedulerClient.Builder.create(pool, task)
                            .serializer(new DbSchedulerCandidate.Texts())
                            .build();
            for (int begin = 0; begin < units; begin += BATCH) {
                List<TaskInstance<?>> batch = new ArrayList<>(BATCH);
                while (batch.size() < Math.min(BATCH, units - begin)) {
                    batch.add(
                            task.instance(
                                    UUID.randomUUID().toString(),
                                    SampleWork.of(begin + batch.size()).document()));
                }
                client.scheduleBatch(batch, Instant.now());
            }
        }
    }

    @Override
    public double execute(String url, int units) throws Exception {
        CountDownLatch left = new CountDownLatch(units);
        OneTimeTask<String> task = task(left::countDown);
        List<HikariDataSource> pools = new ArrayList<>();
        List<Scheduler> schedulers = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url)) {
            for (int node = 0; node < NODES; node++) {
                HikariDataSource pool = ErrandHost.pool(url, SLOTS + 3);
                pools.add(pool);
                schedulers.add(
                        Scheduler.create(pool, task)
                                .schedulerName(new SchedulerName.Fixed("node-" + node))
                                .threads(SLOTS)
                                .pollUsingLockAndFetch(0.5, 4.0)
                                .pollingInterval(Duration.ofMillis(100))
                                .serializer(new DbSchedulerCandidate.Texts())
                                .build());
            }
            long begin = System.nanoTime();
            schedulers.forEach(Scheduler::start);
            if (!left.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException(left.getCount() + " tasks were not executed");
            }
            while (isLeft(connection)) {
                TimeUnit.MILLISECONDS.sleep(1); // The last units are executed, but not deleted yet.
            }
            return (System.nanoTime() - begin) / 1e9;
        } finally {
            schedulers.forEach(Scheduler::stop);
            pools.forEach(HikariDataSource::close);
        }
    }

    private static OneTimeTask<String> task(Runnable executed) {
        return Tasks.oneTime("unit", String.class).execute((instance, context) -> executed.run());
    }

    private static boolean isLeft(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select exists (select from scheduled_tasks)")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
