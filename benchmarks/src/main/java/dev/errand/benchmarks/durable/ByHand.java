package dev.errand.benchmarks.durable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * The limits: statements by hand over the same tables, one connection a thread, everything prepared
 * once. They leave out what Errand owes besides: numbers from the database, leases that ran out,
 * fairness between projects, rules, scopes, events, and a look at what a claim brings.
 */
enum ByHand implements Candidate {
    SEPARATE("by hand, separate calls") {
        @Override
        Loop.Work work(LifecycleByHand unit) {
            return () -> {
                unit.create();
                unit.complete(unit.claim());
                return 1;
            };
        }
    },

    WORKER_LOOP("by hand, worker loop") {
        @Override
        Loop.Work work(LifecycleByHand unit) {
            return new Loop.Work() {
                private LifecycleByHand.Claimed claimed;

                @Override
                public int step() throws Exception {
                    unit.create();
                    claimed = claimed == null ? unit.claim() : unit.completeAndClaim(claimed);
                    return 1;
                }
            };
        }
    },

    BATCHES("by hand, batches of 50") {
        @Override
        Loop.Work work(LifecycleByHand unit) {
            return () -> {
                unit.createBatch();
                return unit.completeBatch(unit.claimBatch());
            };
        }
    };

    private final String label;

    ByHand(String label) {
        this.label = label;
    }

    abstract Loop.Work work(LifecycleByHand unit) throws Exception;

    @Override
    public String label() {
        return label;
    }

    @Override
    public Outcome measure(String url, int threads, Window window) throws Exception {
        return Loop.run(thread -> open(url, thread), threads, window);
    }

    private Loop.Work open(String url, int thread) throws Exception {
        Connection connection = DriverManager.getConnection(url);
        Loop.Work work = work(new LifecycleByHand(connection, thread));
        return new Loop.Work() {
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
