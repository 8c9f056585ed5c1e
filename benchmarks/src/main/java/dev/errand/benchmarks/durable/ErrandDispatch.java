package dev.errand.benchmarks.durable;

import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.spi.UserId;
import dev.errand.task.CreateAndRunRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Dispatchers of Errand, each with a separate engine and pool, and with sandboxes that exit
 * immediately. Completed runs are kept.
 */
final class ErrandDispatch implements DispatchCandidate {

    private static final long PATIENCE_MINUTES = 5;

    private final Optional<StatementStatistics> times;

    private ErrandDispatch(Optional<StatementStatistics> times) {
        this.times = times;
    }

    static ErrandDispatch plain() {
        return new ErrandDispatch(Optional.empty());
    }

    /** Returns a candidate that counts and times the statements, which slows it down. */
    static ErrandDispatch timed(StatementStatistics times) {
        return new ErrandDispatch(Optional.of(times));
    }

    @Override
    public String label() {
        return "Errand";
    }

    @Override
    public void queue(String url, int units) {
        try (ErrandHost host = ErrandHost.open(url, 1)) {
            for (int begin = 0; begin < units; begin += SampleWork.BATCH) {
                List<CreateAndRunRequest> batch = new ArrayList<>(SampleWork.BATCH);
                while (batch.size() < Math.min(SampleWork.BATCH, units - begin)) {
                    batch.add(
                            new CreateAndRunRequest(
                                    SampleWork.of(begin + batch.size()).request(), SampleWork.RUN));
                }
                int creator = begin / SampleWork.BATCH % SampleWork.CREATORS;
                host.as(Caller.user(UserId.of(creator))).tasks().createAndRunAll(batch);
            }
        }
    }

    @Override
    public double execute(String url, int units) throws Exception {
        CountDownLatch left = new CountDownLatch(units);
        InstantSandboxLauncher sandboxes = new InstantSandboxLauncher(() -> {}, left::countDown);
        long completedBefore = completed(url);
        List<ErrandHost> hosts = new ArrayList<>();
        List<Dispatcher> dispatchers = new ArrayList<>();
        double seconds;
        try {
            for (int node = 0; node < NODES; node++) {
                ErrandHost host = open(url);
                hosts.add(host);
                dispatchers.add(
                        host.dispatcher(
                                sandboxes, DispatchOptions.of("node-" + node).withSlots(SLOTS)));
            }
            long begin = System.nanoTime();
            dispatchers.forEach(Dispatcher::start);
            boolean done = left.await(PATIENCE_MINUTES, TimeUnit.MINUTES);
            seconds = (System.nanoTime() - begin) / 1e9;
            if (!done) {
                throw new IllegalStateException(left.getCount() + " runs were not executed");
            }
        } finally {
            dispatchers.forEach(Dispatcher::close);
            hosts.forEach(ErrandHost::close);
        }
        long completed = completed(url) - completedBefore;
        if (completed != units) {
            throw new IllegalStateException(completed + " of " + units + " runs are completed");
        }
        return seconds;
    }

    private ErrandHost open(String url) {
        int connections = SLOTS + 2; // For the slots, the loop, and one spare.
        return times.map(seen -> ErrandHost.timed(url, connections, seen))
                .orElseGet(() -> ErrandHost.open(url, connections));
    }

    private static long completed(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "select count(*) from errand_run where status = 'completed'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
