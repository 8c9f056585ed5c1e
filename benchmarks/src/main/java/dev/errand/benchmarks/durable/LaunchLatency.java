package dev.errand.benchmarks.durable;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.spi.UserId;
import dev.errand.spi.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Measures the time until an idle dispatcher launches the sandbox of a run. Runs are queued one
 * after another, with a pause of random length.
 */
enum LaunchLatency {
    /** Woken within the process. */
    SAME_NODE("queued on the same node", 60, 50, true) {
        @Override
        ErrandHost open(String url) {
            return ErrandHost.open(url, CONNECTIONS);
        }
    },

    /** Woken by a signal of the database. */
    OTHER_NODE("queued on another node, signals on", 60, 50, false) {
        @Override
        ErrandHost open(String url) {
            return ErrandHost.signalling(url, CONNECTIONS);
        }
    },

    /** Found by polling, once per second by default. */
    POLLED("queued on another node, signals off", 1_000, 2, false) {
        @Override
        ErrandHost open(String url) {
            return ErrandHost.open(url, CONNECTIONS);
        }
    };

    private static final int CONNECTIONS = 6;
    private static final int SHORTEST_PAUSE_MILLIS = 20;
    private static final long TIMEOUT_SECONDS = 20;

    private final String label;
    private final int pauseMillis;
    private final int warmUps;
    private final boolean alone;

    LaunchLatency(String label, int pauseMillis, int warmUps, boolean alone) {
        this.label = label;
        this.pauseMillis = pauseMillis;
        this.warmUps = warmUps;
        this.alone = alone;
    }

    abstract ErrandHost open(String url);

    String label() {
        return label;
    }

    /**
     * The times of one run, in milliseconds.
     *
     * @param fromCall from the call that queues the run until the launch
     * @param fromCommit from the end of that call, when the run is stored, until the launch; 0 if
     *     the launch came first
     * @param toEnd from the launch until the end of the sandbox is recorded
     */
    record Times(double fromCall, double fromCommit, double toEnd) {}

    /** Returns the times of the given number of runs, after a warm-up. */
    List<Times> measure(String url, int runs) throws InterruptedException {
        Sandbox sandbox = new Sandbox();
        Random random = new Random(runs);
        List<Times> times = new ArrayList<>();
        try (ErrandHost working = open(url);
                ErrandHost asking = open(url);
                Dispatcher dispatcher =
                        working.dispatcher(sandbox.launcher(), DispatchOptions.of("node-1"))) {
            dispatcher.start();
            ProjectClient project = (alone ? working : asking).as(Caller.user(UserId.of(1)));
            for (int number = 0; number < warmUps + runs; number++) {
                TaskId task = project.tasks().create(SampleWork.of(number).request()).task().id();
                TimeUnit.MILLISECONDS.sleep(SHORTEST_PAUSE_MILLIS + random.nextInt(pauseMillis));
                Times one = sandbox.time(() -> project.runs().run(task, SampleWork.RUN));
                if (number >= warmUps) {
                    times.add(one);
                }
            }
        }
        return times;
    }

    /** The sandbox of the current run. */
    private static final class Sandbox {
        private volatile long launched;
        private volatile CountDownLatch recorded = new CountDownLatch(1);

        InstantSandboxLauncher launcher() {
            return new InstantSandboxLauncher(
                    () -> launched = System.nanoTime(), () -> recorded.countDown());
        }

        Times time(Runnable queueing) throws InterruptedException {
            recorded = new CountDownLatch(1);
            long called = System.nanoTime();
            queueing.run();
            long committed = System.nanoTime();
            if (!recorded.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "a run was not executed within " + TIMEOUT_SECONDS + " s");
            }
            long ended = System.nanoTime();
            return new Times(
                    (launched - called) / 1e6,
                    Math.max(0, launched - committed) / 1e6,
                    (ended - launched) / 1e6);
        }
    }
}
