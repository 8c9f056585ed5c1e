package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.config.IdGenerator;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.Dispatcher;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.StoredRun;
import dev.errand.task.CreateTaskRequest;
import dev.errand.tck.TestClock;
import dev.errand.testkit.FakeLauncher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * One random schedule: a few runs, and nodes that supervise them, pause in the middle of a step,
 * die, and continue. Sandboxes are active at random times, always within the limit.
 */
final class SimulatedSchedule {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int NODES = 3;
    private static final int STEPS = 25;
    private static final int LAST_CYCLES = 5;

    private final Random random;
    private final Tally tally;
    private final TestClock clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
    private final FakeLauncher executor = new FakeLauncher();
    private final FencedStorage fences;
    private final Backend backend;
    private final Errand errand;
    private final ProjectClient project;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private final Map<SandboxId, Instant> activeAt = new HashMap<>();
    private boolean paused;

    SimulatedSchedule(
            long seed,
            Function<TestClock, Backend> backends,
            Function<TestClock, ObjectStore> objects,
            Tally tally) {
        this.random = new Random(seed);
        this.tally = tally;
        this.backend = backends.apply(clock);
        this.fences = new FencedStorage(tally);
        this.errand =
                Errand.builder(
                                fences.before(backend),
                                objects.apply(clock),
                                ProjectDirectory.of(new Project(PROJECT, "Acme")))
                        .clock(clock)
                        .random(random)
                        .ids(IdGenerator.of(random))
                        .build();
        this.project = errand.project(PROJECT, Caller.host());
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Node("node-" + i));
        }
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            runs.add(
                    project.tasks()
                            .createAndRun(
                                    CreateTaskRequest.builder().build(),
                                    RunTaskRequest.builder().build())
                            .latestRun()
                            .orElseThrow());
        }
    }

    /** Runs the schedule and checks its result. */
    void play() {
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        // After a few cycles of all nodes, each run has exactly one sandbox.
        executor.forgetFailures();
        nodes.add(new Node("node-last"));
        for (int i = 0; i < LAST_CYCLES; i++) {
            pass(LEASE.multipliedBy(2));
            nodes.forEach(node -> node.dispatcher.runOnce());
        }
        for (Run run : runs) {
            StoredRun stored = find(run);
            Run last = stored.run();
            assertThat(last.status()).as("%s", last).isEqualTo(RunStatus.IN_PROGRESS);
            assertThat(stored.stopReason()).isEmpty();
            assertThat(executor.stopOf(SandboxId.of(last))).isEmpty();
        }
        assertThat(executor.running()).isEqualTo(runs.size());
        errand.close();
        backend.close();
    }

    private void step() {
        int what = random.nextInt(20);
        if (what < 9) {
            nodes.get(random.nextInt(NODES)).dispatcher.runOnce();
        } else if (what < 17) {
            pass(Duration.ofMillis(1 + random.nextInt(25_000)));
        } else if (what == 17) {
            executor.failNextLaunch("no room");
        } else if (what == 18) {
            int dead = random.nextInt(NODES);
            nodes.set(dead, new Node("node-" + dead + "-again")); // Killed without a release.
        } else {
            nodes.get(random.nextInt(NODES)).dispatcher.stop(); // Releases its leases.
        }
    }

    /** Runs other nodes and advances the clock in the middle of a step. */
    private <T> T pausing(T answer) {
        if (!paused && random.nextInt(6) == 0) {
            paused = true;
            tally.pauses++;
            int steps = 1 + random.nextInt(4);
            for (int i = 0; i < steps; i++) {
                step();
            }
            paused = false;
        }
        return answer;
    }

    /** Advances the clock; every sandbox is active at its next time. */
    private void pass(Duration time) {
        Instant end = clock.instant().plus(time);
        while (true) {
            for (Run run : runs) {
                SandboxId sandbox = SandboxId.of(find(run).run());
                if (executor.isRunning(sandbox)) {
                    activeAt.putIfAbsent(sandbox, clock.instant().plus(inactivity()));
                }
            }
            Map.Entry<SandboxId, Instant> next =
                    activeAt.entrySet().stream().min(Map.Entry.comparingByValue()).orElse(null);
            if (next == null || next.getValue().isAfter(end)) {
                clock.set(end);
                return;
            }
            clock.set(next.getValue());
            activeAt.remove(next.getKey());
            if (executor.isRunning(next.getKey())) {
                act(next.getKey());
            }
        }
    }

    private Duration inactivity() {
        // Often just below the limit, where errors are likely.
        boolean near = random.nextInt(3) > 0;
        if (near) {
            tally.nearMisses++;
        }
        long millis = LIMIT.toMillis();
        return Duration.ofMillis(
                near ? millis - 1 - random.nextInt(100) : 1 + random.nextInt((int) millis - 1));
    }

    private void act(SandboxId sandbox) {
        if (random.nextBoolean()) {
            executor.print(sandbox, "still running");
        } else {
            UpdateRunRequest report =
                    UpdateRunRequest.builder().stage("step " + random.nextInt()).build();
            project.runs().update(sandbox.task(), sandbox.run(), report);
        }
    }

    private StoredRun find(Run run) {
        return backend.runs().find(PROJECT, run.task(), run.id()).orElseThrow();
    }

    private final class Node {
        private final Dispatcher dispatcher;

        private Node(String name) {
            HookedLauncher launcher = new HookedLauncher(executor);
            launcher.onLaunched(SimulatedSchedule.this::pausing);
            launcher.onInspected(SimulatedSchedule.this::pausing);
            DispatchOptions options =
                    DispatchOptions.of(name)
                            .withLeaseDuration(LEASE)
                            .withPollInterval(Duration.ofSeconds(1))
                            .withTimeouts(
                                    new DispatchTimeouts(
                                            Duration.ofDays(1),
                                            Duration.ofDays(1),
                                            LIMIT,
                                            Duration.ofDays(1)));
            dispatcher = errand.dispatcher(launcher, options);
        }
    }

    /** Counts over all schedules. */
    static final class Tally {
        int takeovers;
        int pauses;
        int rejectedLateWrites;
        int nearMisses;

        @Override
        public String toString() {
            return takeovers
                    + " takeovers, "
                    + pauses
                    + " pauses, "
                    + rejectedLateWrites
                    + " late writes rejected";
        }
    }
}
