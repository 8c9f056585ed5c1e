package dev.errand.benchmarks.durable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The baseline of a worker pool: handler threads with a queue before and after them, and one writer
 * that completes all runs that are done and claims the next ones in one statement. At most {@value
 * #AHEAD} runs per handler are claimed.
 */
final class BaselinePool implements LifecycleCandidate {

    private static final int AHEAD = 3;

    @Override
    public String label() {
        return "by hand, worker pool";
    }

    @Override
    public Outcome measure(String url, int threads, Window window) throws Exception {
        SchedulerLoad load = new SchedulerLoad();
        ConcurrentLinkedQueue<Connection> connections = new ConcurrentLinkedQueue<>();
        AtomicInteger thread = new AtomicInteger();
        ThreadLocal<BaselineLifecycle> ofThread =
                ThreadLocal.withInitial(
                        () -> {
                            try {
                                Connection connection = DriverManager.getConnection(url);
                                connections.add(connection);
                                return new BaselineLifecycle(connection, thread.getAndIncrement());
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        Handlers handlers = new Handlers(threads, load);
        ExecutorService executor = Executors.newFixedThreadPool(threads + 1);
        try {
            for (int i = 0; i < threads; i++) {
                executor.submit(handlers::handle);
            }
            executor.submit(() -> handlers.write(ofThread.get()));
            return load.measure(
                    number -> {
                        ofThread.get().create();
                        handlers.wake();
                    },
                    threads,
                    window);
        } finally {
            executor.shutdownNow();
            executor.awaitTermination(10, TimeUnit.SECONDS);
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    /** The handlers and the writer. */
    private static final class Handlers {
        private final BlockingQueue<BaselineLifecycle.Claimed> claimed =
                new LinkedBlockingQueue<>();
        private final BlockingQueue<BaselineLifecycle.Claimed> done = new LinkedBlockingQueue<>();
        private final Semaphore signal = new Semaphore(0);
        private final int most;
        private final SchedulerLoad load;

        Handlers(int threads, SchedulerLoad load) {
            this.most = AHEAD * threads;
            this.load = load;
        }

        void wake() {
            signal.release();
        }

        Void handle() throws InterruptedException {
            while (true) {
                BaselineLifecycle.Claimed next = claimed.take();
                load.completed();
                done.add(next);
                wake();
            }
        }

        Void write(BaselineLifecycle unit) throws Exception {
            int open = 0;
            while (true) {
                signal.acquire();
                signal.drainPermits();
                List<BaselineLifecycle.Claimed> completed = new ArrayList<>();
                done.drainTo(completed);
                open -= completed.size();
                if (!completed.isEmpty() || open < most) {
                    List<BaselineLifecycle.Claimed> next =
                            unit.completeBatchAndClaim(completed, most - open);
                    open += next.size();
                    claimed.addAll(next);
                }
            }
        }
    }
}
