package dev.errand.testing.engine;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.config.IdGenerator;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.tck.TestClock;
import dev.errand.testkit.FakeLauncher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Fixture of the dispatch tests: an engine over empty storage, a scripted launcher, and one
 * dispatcher, which works only when a test calls it. The clock does not advance by itself.
 */
public abstract class DispatchScene {

    static final ProjectId PROJECT = ProjectId.of(1);
    static final Duration LEASE = Duration.ofSeconds(30);

    final FakeLauncher launcher = new FakeLauncher();
    final FailingStorage storage = new FailingStorage();
    TestClock clock;
    Backend backend;
    ObjectStore objects;
    Errand errand;
    ProjectClient project;
    Dispatcher dispatcher;

    /** For the contracts in this package. */
    DispatchScene() {}

    /** Returns the factory of the engine under test; called once for each test. */
    protected abstract EngineFactory factory();

    /** Returns the launcher that dispatchers use: the given one, or a wrapper. */
    protected SandboxLauncher between(SandboxLauncher real) {
        return real;
    }

    /** Opens the engine with one dispatcher. */
    @BeforeEach
    public void open() {
        clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
        EngineFactory factory = factory();
        factory.storage().reset();
        backend = factory.storage().open(clock);
        objects = factory.openObjects(clock);
        Random random = new Random(42);
        errand =
                Errand.builder(
                                storage.before(backend),
                                objects,
                                ProjectDirectory.of(new Project(PROJECT, "Acme Mobile App")))
                        .clock(clock)
                        .random(random)
                        .ids(IdGenerator.of(random))
                        .build();
        project = errand.project(PROJECT, Caller.host());
        dispatcher = errand.dispatcher(between(launcher), options("node-1"));
    }

    /** Closes everything. */
    @AfterEach
    public void close() {
        storage.restore();
        dispatcher.close();
        errand.close();
        backend.close();
    }

    static DispatchOptions options(String node) {
        return DispatchOptions.of(node)
                .withLeaseDuration(LEASE)
                .withPollInterval(Duration.ofSeconds(1));
    }

    /** Replaces the dispatcher. */
    void dispatchWith(SandboxLauncher other, DispatchOptions options) {
        dispatcher.close();
        dispatcher = errand.dispatcher(other, options);
    }

    /** Queues a cloud run. */
    Run queue() {
        TaskId task =
                project.tasks()
                        .create(CreateTaskRequest.builder().description("Fix the cart").build())
                        .task()
                        .id();
        return project.runs().run(task, RunTaskRequest.builder().build()).latestRun().orElseThrow();
    }

    /** Queues and launches a cloud run. */
    Run launched() {
        Run run = queue();
        dispatcher.runOnce();
        return read(run);
    }

    /** Returns the run as callers see it. */
    Run read(Run run) {
        return project.runs().get(run.task(), run.id());
    }

    /** Returns the messages in the console entries of a run's log. */
    List<String> log(Run run) {
        return project.runs().readLog(run.task(), run.id(), 0, 1000).stream()
                .map(entry -> entry.json().text())
                .map(json -> json.replaceAll("^.*\"message\":\"(.*)\"}}}$", "$1"))
                .toList();
    }

    /** Returns the stored run, even if its task is deleted. */
    Run stored(Run run) {
        return find(run).run();
    }

    /** Returns the queue entry of a run; empty if the run needs no dispatcher action. */
    Optional<QueueEntry> findEntry(Run run) {
        return find(run).entry();
    }

    /** Returns the queue entry of a run that needs dispatcher action. */
    QueueEntry getEntry(Run run) {
        return findEntry(run).orElseThrow();
    }

    private StoredRun find(Run run) {
        return backend.runs().findIncludingDeleted(PROJECT, run.task(), run.id()).orElseThrow();
    }

    /** Changes a stored run and its queue entry directly, without the rules of the engine. */
    void change(Run run, UnaryOperator<Run.Builder> edit, UnaryOperator<QueueEntry> editEntry) {
        StoredRun before = find(run);
        Run after = edit.apply(before.run().change(clock.instant())).build();
        backend.runs().update(PROJECT, RunChange.of(before, before.withRun(after, editEntry)));
    }

    /** Replaces the current attempt of a run by the next one. */
    void supersede(Run run) {
        Instant retryAt = clock.instant().plusSeconds(60);
        change(run, Run.Builder::nextAttempt, entry -> entry.launchFailed("replaced", retryAt));
    }

    /** Reports a status of a run. */
    void report(Run run, RunStatus status) {
        project.runs()
                .update(run.task(), run.id(), UpdateRunRequest.builder().status(status).build());
    }
}
