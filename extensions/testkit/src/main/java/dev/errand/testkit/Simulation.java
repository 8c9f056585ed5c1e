package dev.errand.testkit;

import dev.errand.Caller;
import dev.errand.Errand;
import dev.errand.ProjectApi;
import dev.errand.RequestDenied;
import dev.errand.RequestRefused;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.run.RunTask;
import dev.errand.run.UpdateRun;
import dev.errand.spi.Backend;
import dev.errand.spi.BackendException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxRef;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTask;
import dev.errand.tck.TestClock;
import dev.errand.tck.engine.FakeLauncher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A few nodes over one storage, in one thread and in time that only passes when it is told to: any
 * call of a store or of the launcher may fail, be lost, happen twice, take long, or be the last of
 * its node. One seed decides everything, so the same seed plays the same again.
 *
 * <p>Afterwards nothing fails any more, and within bounded time everything must be where it should
 * be: {@link SimulatedHistory} says what that is.
 */
public final class Simulation {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final List<RunStatus> ENDS =
            List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED);
    private static final int NODES = 3;
    private static final int STEPS = 60;
    private static final double FAULTS = 0.08;

    /** More than the dispatch window, in looks that are shorter than a lease. */
    private static final int LAST_LOOKS = 200;

    private final Random random;
    private final TestClock clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
    private final FakeLauncher executor = new FakeLauncher();
    private final SimulatedHistory history = new SimulatedHistory();
    private final Seed seed;
    private final FaultPlan plan;
    private final Backend backend;
    private final ObjectStore objects;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, TaskId> created = new HashMap<>();
    private final List<String> unanswered = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();

    private Simulation(
            long number,
            Function<TestClock, Backend> backends,
            Function<TestClock, ObjectStore> stores) {
        seed = Seed.of(number);
        random = seed.random();
        plan =
                FaultPlan.on(clock)
                        .slowBy(LEASE.plusSeconds(2))
                        .byChance(
                                seed,
                                FAULTS,
                                Fault.THROW,
                                Fault.LOSE_REPLY,
                                Fault.REPEAT,
                                Fault.BE_SLOW,
                                Fault.DIE_BEFORE,
                                Fault.DIE_AFTER);
        backend = history.of(backends.apply(clock));
        objects = stores.apply(clock);
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Node("node-" + i));
        }
    }

    /**
     * Plays what a seed decides.
     *
     * @param backends opens an empty storage on a clock
     * @param objects opens an empty object store on a clock
     * @return every step and fault, in order
     * @throws AssertionError naming the seed, if something is not as it must be
     */
    public static List<String> play(
            long seed,
            Function<TestClock, Backend> backends,
            Function<TestClock, ObjectStore> objects) {
        Simulation simulation = new Simulation(seed, backends, objects);
        try {
            for (int i = 0; i < STEPS; i++) {
                simulation.step();
            }
            simulation.comeToRest();
            simulation.history.verify(simulation.backend, PROJECT, simulation.created.values());
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    "%s: %s%nafter %s".formatted(simulation.seed, broken, simulation.trace),
                    broken);
        } finally {
            simulation.backend.close();
        }
        return simulation.trace;
    }

    private void step() {
        int node = random.nextInt(NODES);
        switch (random.nextInt(10)) {
            case 0, 1 -> onNode(node, "create", this::create);
            case 2, 3, 4, 5 -> onNode(node, "look", it -> it.dispatcher.runOnce());
            case 6 -> clock.advance(Duration.ofMillis(random.nextInt(20_000)));
            case 7 -> endASandbox();
            case 8 -> onNode(node, "report", this::report);
            default -> onNode(node, "cancel", this::cancel);
        }
    }

    /** What a node does; it may fail, and it may be the last that the node does. */
    private void onNode(int place, String what, Consumer<Node> deed) {
        int met = plan.happened().size();
        try {
            deed.accept(nodes.get(place));
        } catch (NodeDied died) {
            nodes.set(place, new Node("node-" + place + "-" + trace.size()));
        } catch (BackendException | RequestDenied | RequestRefused asItMayBe) {
            // The caller is told; what happened, the end will show.
        }
        List<String> faults = plan.happened();
        trace.add(what + " on " + place + " " + faults.subList(met, faults.size()));
    }

    /** Creates a task with a run under a key, or asks again where the answer is not known. */
    private void create(Node node) {
        String key = unanswered.isEmpty() ? "key-" + (created.size() + 1) : unanswered.remove(0);
        unanswered.add(key);
        TaskId task =
                node.api
                        .tasks()
                        .create(CreateTask.builder().title(key).build(), Optional.of(key))
                        .task()
                        .id();
        created.put(key, task);
        node.api.runs().run(task, RunTask.builder().build(), Optional.of("run of " + key));
        unanswered.remove(key);
    }

    private void endASandbox() {
        List<SandboxRef> running =
                executor.launches().stream()
                        .map(LaunchRequest::sandbox)
                        .filter(executor::isRunning)
                        .toList();
        if (!running.isEmpty()) {
            executor.exit(running.get(random.nextInt(running.size())), random.nextInt(2));
        }
    }

    private void report(Node node) {
        // An end: whoever reports that a queued run goes on has taken it over from the dispatcher.
        RunStatus status = ENDS.get(random.nextInt(ENDS.size()));
        anyRun().ifPresent(
                        run ->
                                node.api
                                        .runs()
                                        .update(
                                                run.task(),
                                                run.run(),
                                                UpdateRun.builder().status(status).build()));
    }

    private void cancel(Node node) {
        anyRun().ifPresent(run -> node.api.runs().cancel(run.task(), run.run()));
    }

    private Optional<SandboxRef> anyRun() {
        List<LaunchRequest> launches = executor.launches();
        return launches.isEmpty()
                ? Optional.empty()
                : Optional.of(launches.get(random.nextInt(launches.size())).sandbox());
    }

    /** Nothing fails any more; whoever was not answered asks again, and all sandboxes end. */
    private void comeToRest() {
        plan.withoutChance();
        while (!unanswered.isEmpty()) {
            create(nodes.get(0));
        }
        for (int i = 0; i < LAST_LOOKS; i++) {
            nodes.forEach(node -> node.dispatcher.runOnce());
            executor.launches().stream()
                    .map(LaunchRequest::sandbox)
                    .filter(executor::isRunning)
                    .forEach(sandbox -> executor.exit(sandbox, 0));
            clock.advance(LEASE.dividedBy(2));
        }
    }

    /** One process of a host. */
    private final class Node {
        private final ProjectApi api;
        private final Dispatcher dispatcher;

        Node(String name) {
            Errand errand =
                    Errand.builder(
                                    Faulty.backend(backend, plan),
                                    objects,
                                    ProjectDirectory.of(new Project(PROJECT, "Acme")))
                            .clock(clock)
                            .random(random)
                            .ids(seed.ids())
                            .build();
            api = errand.project(PROJECT, Caller.host());
            dispatcher =
                    errand.dispatcher(
                            Faulty.launcher(executor, plan),
                            DispatchOptions.of(name).withLease(LEASE, Duration.ofSeconds(1)));
        }
    }
}
