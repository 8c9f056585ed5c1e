package dev.errand.testkit;

import static dev.errand.testkit.HistoryCheck.holds;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.Cancellation;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.ErrandException;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.task.Task;
import dev.errand.task.UpdateTaskRequest;
import dev.errand.tck.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Executes one script in a single thread: nodes, callers of two projects, sandboxes and the clock.
 */
final class SimulatedWorld {

    private static final List<ProjectId> PROJECTS = List.of(ProjectId.of(1), ProjectId.of(2));
    private static final Duration LEASE = Duration.ofSeconds(10);

    /** The time within which all runs must end after the last fault: launch window and run time. */
    private static final Duration BOUND = Duration.ofMinutes(20);

    private static final int LONGEST_JUMP = 300;
    private static final List<RunStatus> ENDS =
            List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED);

    private final SimulatedScript script;
    private final TestClock clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
    private final FakeLauncher executor = new FakeLauncher();
    private final FaultPlan plan = FaultPlan.on(clock).withDelay(LEASE.plusSeconds(2));
    private final HistoryCheck history =
            new HistoryCheck(new LeaseCheck(clock), executor::isRunning);
    private final EventCheck events = new EventCheck();
    private final Backend backend;
    private final ObjectStore objects;
    private final List<SimulatedNode> everyNode = new ArrayList<>();
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<SimulatedRequest> asks = new ArrayList<>();
    private final Map<RunId, RunStatus> ends = new HashMap<>();
    private final List<String> trace = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private Duration setBack = Duration.ZERO;
    private int calls;

    private SimulatedWorld(
            SimulatedScript script,
            Function<TestClock, Backend> backends,
            Function<TestClock, ObjectStore> stores) {
        this.script = script;
        backend = history.of(backends.apply(clock));
        objects = stores.apply(clock);
        for (int i = 0; i < SimulatedScript.NODES; i++) {
            nodes.add(new SimulatedNode(i));
        }
    }

    /** Executes a script with new nodes and an empty storage. */
    static SimulatedOutcome play(
            SimulatedScript script,
            Function<TestClock, Backend> backends,
            Function<TestClock, ObjectStore> stores) {
        SimulatedWorld world = new SimulatedWorld(script, backends, stores);
        Optional<Throwable> broken = Optional.empty();
        try {
            script.steps().forEach(world::step);
            world.finishAllRuns();
            world.verify();
        } catch (AssertionError | RuntimeException failure) {
            broken = Optional.of(failure);
        } finally {
            world.everyNode.forEach(node -> node.errand.close());
            world.backend.close();
        }
        return new SimulatedOutcome(
                script, List.copyOf(world.trace), List.copyOf(world.faults), broken);
    }

    private void step(SimulatedStep step) {
        calls = 0;
        plan.decidedBy(() -> fault(step));
        int met = plan.injected().size();
        SimulatedNode node = nodes.get(step.node());
        try {
            take(step, node);
        } catch (NodeCrashError died) {
            replace(step);
        } catch (ErrandException rejected) {
            // The caller receives the error. The final check decides whether the effect is correct.
            for (Throwable it = rejected; it != null; it = it.getCause()) {
                history.shown(it);
            }
        } finally {
            List<String> happened = plan.injected();
            trace.add(step + " " + happened.subList(met, happened.size()));
        }
        history.verify();
    }

    private Optional<Fault> fault(SimulatedStep step) {
        int call = calls++;
        Optional<Fault> fault = script.fault(step, call);
        fault.ifPresent(met -> faults.add(SimulatedScript.name(step, call)));
        return fault;
    }

    private void take(SimulatedStep step, SimulatedNode node) {
        int choice = step.choice();
        switch (step.kind()) {
            case REQUEST -> ask(step, node);
            case POLL -> node.dispatcher.runOnce();
            case ADVANCE_CLOCK -> clock.advance(Duration.ofMillis(choice % 20_000));
            case SET_CLOCK -> jump(Duration.ofSeconds(choice % (2 * LONGEST_JUMP) - LONGEST_JUMP));
            case EXIT_SANDBOX ->
                    any(running(), choice).ifPresent(it -> executor.exit(it, choice % 2));
            case LOSE_SANDBOX -> any(running(), choice).ifPresent(executor::lose);
            case REPORT -> any(begun(), choice).ifPresent(it -> report(node, it, choice));
            case CANCEL -> any(begun(), choice).ifPresent(it -> cancel(node, it));
            case RESTART_RUN -> any(begun(), choice).ifPresent(it -> restart(node, it));
            case EDIT -> any(created(), choice).ifPresent(it -> edit(node, it, step.place()));
            case WRITE_LOG -> any(begun(), choice).ifPresent(it -> write(node, it, step.place()));
            case ACCESS_OTHER_PROJECT ->
                    any(created(), choice).ifPresent(it -> accessOtherProject(node, it));
            case REUSE_ARTIFACT -> any(withFiles(), choice).ifPresent(it -> reuse(node, it));
            case RESTART -> {
                replace(step);
                node.dispatcher.close();
            }
        }
    }

    private void replace(SimulatedStep step) {
        nodes.set(step.node(), new SimulatedNode(SimulatedScript.NODES + step.place()));
    }

    private void jump(Duration by) {
        clock.advance(by);
        if (by.isNegative()) {
            setBack = setBack.minus(by);
        }
    }

    private void ask(SimulatedStep step, SimulatedNode node) {
        int choice = step.choice();
        List<SimulatedRequest> open = asks(ask -> ask.run.isEmpty());
        SimulatedRequest ask;
        if (open.isEmpty() || choice % 2 == 0) {
            ProjectId project = PROJECTS.get(choice / 2 % PROJECTS.size());
            ask = new SimulatedRequest(project, "key-" + step.place(), choice / 4);
            asks.add(ask);
        } else {
            ask = open.get(choice / 2 % open.size());
        }
        ask.pursue(node.api(ask.project), objects);
    }

    private void report(SimulatedNode node, SimulatedRequest ask, int choice) {
        // Always an end: a report that a queued run is in progress takes the run from the
        // dispatcher.
        UpdateRunRequest end =
                UpdateRunRequest.builder().status(ENDS.get(choice / 64 % ENDS.size())).build();
        recordEnd(node.api(ask.project).runs().update(ask.task.get(), ask.run.get(), end));
    }

    private void cancel(SimulatedNode node, SimulatedRequest ask) {
        Cancellation answer = node.api(ask.project).runs().cancel(ask.task.get(), ask.run.get());
        if (answer instanceof Cancellation.Accepted accepted) {
            recordEnd(accepted.run());
        }
    }

    private void restart(SimulatedNode node, SimulatedRequest ask) {
        // Also after a lost reply: the earlier end need not be kept.
        ends.remove(ask.run.get());
        Run run = node.api(ask.project).runs().resumeInCloud(ask.task.get(), ask.run.get());
        history.shown(run);
    }

    /** Records the terminal status that a caller received. */
    private void recordEnd(Run run) {
        history.shown(run);
        if (run.status().isTerminal()) {
            RunStatus before = ends.putIfAbsent(run.id(), run.status());
            holds(
                    before == null || before == run.status(),
                    "I3: status was %s: %s".formatted(before, run));
        }
    }

    private void edit(SimulatedNode node, SimulatedRequest ask, int place) {
        String title = "title-" + place;
        ask.titles.add(title);
        Task task =
                node.api(ask.project)
                        .tasks()
                        .update(ask.task.get(), UpdateTaskRequest.builder().title(title).build())
                        .task();
        holds(
                task.details().title().equals(title),
                "I10: expected title %s: %s".formatted(title, task));
        ask.titles.removeIf(it -> !it.equals(title));
    }

    private void write(SimulatedNode node, SimulatedRequest ask, int place) {
        String line = "{\"line\":%d}".formatted(place);
        node.api(ask.project)
                .runs()
                .appendLog(
                        ask.task.get(),
                        ask.run.get(),
                        new AppendLogRequest(List.of(JsonText.of(line))));
        ask.lines.add(line);
    }

    /** Another project can neither read the task nor cancel its run. */
    private void accessOtherProject(SimulatedNode node, SimulatedRequest ask) {
        ProjectId other = PROJECTS.get(PROJECTS.indexOf(ask.project) == 0 ? 1 : 0);
        ProjectClient api = node.api(other);
        try {
            Task seen = api.tasks().get(ask.task.get()).task();
            throw new AssertionError("I5: project %s sees %s".formatted(other, seen));
        } catch (RequestException expected) {
            history.shown(expected);
        }
        if (ask.run.isPresent()) {
            Cancellation answer = api.runs().cancel(ask.task.get(), ask.run.get());
            holds(
                    !(answer instanceof Cancellation.Accepted),
                    "I5: project %s cancelled %s".formatted(other, ask.run));
        }
    }

    private void reuse(SimulatedNode node, SimulatedRequest ask) {
        RunTaskRequest again =
                RunTaskRequest.builder()
                        .pendingUserArtifactIds(List.of(ask.file.get().value()))
                        .build();
        try {
            Run second = node.api(ask.project).runs().run(ask.task.get(), again).latestRun().get();
            throw new AssertionError("I2: %s has the artifact of %s".formatted(second, ask.run));
        } catch (InvalidRequestException expected) {
            history.shown(expected);
        }
    }

    private List<SandboxId> running() {
        return executor.launches().stream()
                .map(LaunchRequest::sandbox)
                .filter(executor::isRunning)
                .toList();
    }

    private List<SimulatedRequest> created() {
        return asks(ask -> ask.task.isPresent());
    }

    private List<SimulatedRequest> begun() {
        return asks(ask -> ask.run.isPresent());
    }

    private List<SimulatedRequest> withFiles() {
        return asks(ask -> ask.run.isPresent() && ask.file.isPresent());
    }

    private List<SimulatedRequest> asks(Predicate<SimulatedRequest> such) {
        return asks.stream().filter(such).toList();
    }

    private static <T> Optional<T> any(List<T> all, int choice) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(choice / 8 % all.size()));
    }

    /**
     * Repeats all requests without faults, lets all sandboxes exit, and waits until no run is
     * queued.
     */
    private void finishAllRuns() {
        plan.withoutRandomFaults();
        SimulatedNode first = nodes.get(0);
        asks.forEach(ask -> ask.pursue(first.api(ask.project), objects));
        Instant bound = clock.instant().plus(BOUND).plus(setBack);
        while (clock.instant().isBefore(bound) && hasQueuedRuns()) {
            nodes.forEach(node -> node.dispatcher.runOnce());
            running().forEach(sandbox -> executor.exit(sandbox, 0));
            clock.advance(LEASE.dividedBy(2));
        }
        history.verify();
    }

    private boolean hasQueuedRuns() {
        return backend.queue().nextDue(ProjectScope.everyProject()).isPresent();
    }

    private void verify() {
        FinalStateCheck end = new FinalStateCheck(backend, history, ends);
        for (ProjectId project : PROJECTS) {
            ProjectClient api = nodes.get(0).api(project);
            end.verify(api, asks(ask -> ask.project.equals(project)));
        }
        everyNode.forEach(node -> node.errand.close());
        events.verify(history);
        clock.advance(Duration.ofHours(6).plus(setBack));
        asks.forEach(
                ask ->
                        holds(
                                backend.secrets().find(ask.project, ask.run.get()).isEmpty(),
                                "I8: secrets of %s are not erased".formatted(ask.run)));
    }

    /** A node with its clients and dispatcher. */
    private final class SimulatedNode {
        private final Errand errand;
        private final Map<ProjectId, ProjectClient> apis = new HashMap<>();
        private final Dispatcher dispatcher;

        SimulatedNode(int number) {
            RandomSeed seed = RandomSeed.of(script.seed() * 1_000 + number);
            errand =
                    Errand.builder(
                                    FaultInjection.backend(backend, plan),
                                    FaultInjection.objects(objects, plan),
                                    ProjectDirectory.of(
                                            new Project(PROJECTS.get(0), "Acme"),
                                            new Project(PROJECTS.get(1), "Bee")))
                            .clock(clock)
                            .random(seed.random())
                            .ids(seed.ids())
                            .listener(events.ofNewNode())
                            .build();
            PROJECTS.forEach(it -> apis.put(it, errand.project(it, Caller.host())));
            dispatcher =
                    errand.dispatcher(
                            FaultInjection.launcher(executor, plan),
                            DispatchOptions.of("node-" + number)
                                    .withLeaseDuration(LEASE)
                                    .withPollInterval(Duration.ofSeconds(1)));
            everyNode.add(this);
        }

        ProjectClient api(ProjectId project) {
            return Objects.requireNonNull(apis.get(project));
        }
    }
}
