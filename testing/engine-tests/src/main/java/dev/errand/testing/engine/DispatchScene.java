package dev.errand.testing.engine;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.config.IdGenerator;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.Backend;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.tck.TestClock;
import dev.errand.testkit.FakeLauncher;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the contracts of the dispatch protocol share: an engine over an empty storage, a launcher
 * that does as it is told, and one dispatcher. Time stands still unless a test moves it, and every
 * step is one that a test takes.
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

    /** For the contracts. */
    DispatchScene() {}

    /** How to get at what is tested; asked once a test. */
    protected abstract EngineFactory factory();

    /**
     * What the dispatchers of a test launch with: the launcher itself, or what stands before it.
     */
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

    /** Closes all of it. */
    @AfterEach
    public void close() {
        storage.mend();
        dispatcher.close();
        errand.close();
        backend.close();
    }

    static DispatchOptions options(String node) {
        return DispatchOptions.of(node).withLease(LEASE, Duration.ofSeconds(1));
    }

    /** Goes on with another dispatcher instead of the one that there is. */
    void dispatchWith(SandboxLauncher other, DispatchOptions options) {
        dispatcher.close();
        dispatcher = errand.dispatcher(other, options);
    }

    /** A cloud run that is owed a sandbox. */
    Run queue() {
        TaskId task =
                project.tasks()
                        .create(CreateTaskRequest.builder().description("Fix the cart").build())
                        .task()
                        .id();
        return project.runs().run(task, RunTaskRequest.builder().build()).latestRun().orElseThrow();
    }

    /** A cloud run whose sandbox is alive. */
    Run launched() {
        Run run = queue();
        dispatcher.runOnce();
        return read(run);
    }

    /** The run as callers see it. */
    Run read(Run run) {
        return project.runs().get(run.task(), run.id());
    }

    /** The run as it is stored, also a deleted task's. */
    Run stored(Run run) {
        return backend.runs().find(PROJECT, run.task(), run.id()).orElseThrow();
    }

    /** Somebody reports a status. */
    void report(Run run, RunStatus status) {
        project.runs()
                .update(run.task(), run.id(), UpdateRunRequest.builder().status(status).build());
    }
}
