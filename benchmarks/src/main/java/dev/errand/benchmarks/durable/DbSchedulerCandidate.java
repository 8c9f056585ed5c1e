package dev.errand.benchmarks.durable;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * db-scheduler: one row per unit, deleted when it is done. Configured as its documentation
 * recommends for throughput on PostgreSQL: lock and fetch in one statement, immediate execution.
 */
final class DbSchedulerCandidate implements LifecycleCandidate {

    static final String[] TABLE = {
        """
        create table scheduled_tasks (
            task_name text not null, task_instance text not null, task_data bytea,
            execution_time timestamp with time zone not null, picked boolean not null,
            picked_by text, last_success timestamp with time zone,
            last_failure timestamp with time zone, consecutive_failures int,
            last_heartbeat timestamp with time zone, version bigint not null, priority smallint,
            primary key (task_name, task_instance))""",
        "create index execution_time_idx on scheduled_tasks (execution_time)",
        "create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)"
    };

    @Override
    public String label() {
        return "db-scheduler";
    }

    @Override
    public Outcome measure(String url, int threads, Window window) throws Exception {
        SchedulerLoad peer = new SchedulerLoad();
        OneTimeTask<String> task =
                Tasks.oneTime("unit", String.class)
                        .execute((instance, context) -> peer.completed());
        // For its workers, the enqueuing threads, and its other tasks.
        try (HikariDataSource pool = ErrandHost.pool(url, 2 * threads + 3)) {
            try (var connection = pool.getConnection()) {
                BenchmarkTables.execute(connection, TABLE);
            }
            Scheduler scheduler =
                    Scheduler.create(pool, task)
                            .threads(threads)
                            .pollUsingLockAndFetch(0.5, 4.0)
                            .pollingInterval(Duration.ofMillis(100))
                            .enableImmediateExecution()
                            .serializer(new Texts())
                            .build();
            scheduler.start();
            try {
                return peer.measure(
                        number ->
                                scheduler.schedule(
                                        task.instance(
                                                UUID.randomUUID().toString(),
                                                SampleWork.of(number).document()),
                                        Instant.now()),
                        threads,
                        window);
            } finally {
                scheduler.stop();
            }
        }
    }

    /** Serializes strings unchanged. */
    static final class Texts implements Serializer {
        @Override
        public byte[] serialize(Object data) {
            return ((String) data).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] data) {
            return type.cast(new String(data, StandardCharsets.UTF_8));
        }
    }
}
