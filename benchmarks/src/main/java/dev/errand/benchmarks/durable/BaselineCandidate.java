package dev.errand.benchmarks.durable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * The baseline: hand-written statements on the same tables, prepared once, with one connection per
 * thread. They omit some of the work of Errand: numbers from the database, expired leases, fairness
 * between projects, rules, scopes, events, and checks of the claimed run.
 */
enum BaselineCandidate implements LifecycleCandidate {
    SEPARATE("by hand, separate calls") {
        @Override
        TimedLoop.Work work(BaselineLifecycle unit) {
            return () -> {
                unit.create();
                unit.complete(unit.claim());
                return 1;
            };
        }
    },

    BATCHES("by hand, batches of 50") {
        @Override
        TimedLoop.Work work(BaselineLifecycle unit) {
            return () -> {
                unit.createBatch();
                return unit.completeBatch(unit.claimBatch());
            };
        }
    };

    private final String label;

    BaselineCandidate(String label) {
        this.label = label;
    }

    abstract TimedLoop.Work work(BaselineLifecycle unit) throws Exception;

    @Override
    public String label() {
        return label;
    }

    @Override
    public Outcome measure(String url, int threads, Window window) throws Exception {
        return TimedLoop.run(thread -> open(url, thread), threads, window);
    }

    private TimedLoop.Work open(String url, int thread) throws Exception {
        Connection connection = DriverManager.getConnection(url);
        TimedLoop.Work work = work(new BaselineLifecycle(connection, thread));
        return new TimedLoop.Work() {
            @Override
            public int step() throws Exception {
                return work.step();
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }
}
