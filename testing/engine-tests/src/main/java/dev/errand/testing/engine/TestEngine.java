package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.access.Scope;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.UploadItem;
import dev.errand.config.EngineOptions;
import dev.errand.config.IdGenerator;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.UserId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.project.OrganizationRole;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.project.SandboxEnvironment;
import dev.errand.spi.project.User;
import dev.errand.spi.run.MessageRelay;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.tck.TestClock;
import dev.errand.testkit.RecordingListener;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * An engine with initially empty storage, in a host with two projects and two users, and helpers to
 * create test data.
 */
final class TestEngine implements AutoCloseable {

    /** The default project, as in the documented examples. */
    static final ProjectId ACME = ProjectId.of(7);

    /** A second project; its objects must not be visible in the first. */
    static final ProjectId OTHER = ProjectId.of(8);

    /** The user of the documented examples. */
    static final UserId ROSA = UserId.of(31);

    /** A second user. */
    static final UserId OMAR = UserId.of(32);

    static final long ACME_GITHUB = 12;
    static final long OTHER_GITHUB = 40;
    static final UUID ROSAS_GITHUB = uuid(0x31);
    static final UUID OMARS_GITHUB = uuid(0x32);
    static final UUID ACME_REPORT = uuid(0x71);
    static final UUID OTHER_REPORT = uuid(0x81);
    static final UUID SHARED_ENVIRONMENT = uuid(0x7a);
    static final UUID ROSAS_ENVIRONMENT = uuid(0x7b);
    static final UUID UNOWNED_ENVIRONMENT = uuid(0x7c);
    static final UUID OTHER_ENVIRONMENT = uuid(0x8a);

    /** An id of no object in the host. */
    static final UUID UNKNOWN = uuid(0xff);

    private static final Instant START = Instant.parse("2026-05-07T09:28:06Z");
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final TestClock clock = TestClock.at(START);
    private final TestDirectory directory = new TestDirectory();
    private final RecordingListener listener = new RecordingListener();
    private final Random random = new Random(20_260_507);
    private final IdGenerator ids = IdGenerator.of(new Random(42));
    private final EngineFactory factory;
    private final RecordingBackend backend;
    private final RecordingObjectStore objects;
    private Errand errand;

    /** Creates an engine with the storage of the factory and default options. */
    TestEngine(EngineFactory factory) {
        this.factory = factory;
        backend = new RecordingBackend(factory.storage().open(clock));
        objects = new RecordingObjectStore(factory.openObjects(clock));
        directory
                .addProject(ACME, "Acme Mobile App")
                .addProject(OTHER, "Test Team")
                .addUser(rosa())
                .addUser(User.of(OMAR, uuid(32), "Omar", "", "omar@example.com"))
                .addGithubIntegration(ACME, ACME_GITHUB)
                .addGithubIntegration(OTHER, OTHER_GITHUB)
                .addGithubUserIntegration(ROSA, ROSAS_GITHUB)
                .addGithubUserIntegration(OMAR, OMARS_GITHUB)
                .addSignalReport(ACME, ACME_REPORT)
                .addSignalReport(OTHER, OTHER_REPORT)
                .addSandboxEnvironment(ACME, environment(SHARED_ENVIRONMENT, false, null))
                .addSandboxEnvironment(ACME, environment(ROSAS_ENVIRONMENT, true, ROSA))
                .addSandboxEnvironment(ACME, environment(UNOWNED_ENVIRONMENT, true, null))
                .addSandboxEnvironment(OTHER, environment(OTHER_ENVIRONMENT, false, null));
        configure(EngineOptions.DEFAULT);
    }

    static UUID uuid(long last) {
        return new UUID(0x2d0f5c6e7a1b4b7eL, 0x9d418c5a6f3e0000L + last);
    }

    private static User rosa() {
        return new User(
                ROSA,
                UUID.fromString("2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10"),
                Optional.of("u-31"),
                "Rosa",
                "Lind",
                "rosa@example.com",
                Optional.of(true),
                Optional.empty(),
                Optional.of(OrganizationRole.ENGINEERING));
    }

    private static SandboxEnvironment environment(UUID id, boolean isPrivate, UserId createdBy) {
        return new SandboxEnvironment(
                id, isPrivate, Optional.ofNullable(createdBy), Optional.empty());
    }

    /**
     * Reopens the engine on the same storage, with other options and with listeners that receive
     * events before its own.
     */
    void configure(EngineOptions options, RunListener... listeners) {
        if (errand != null) {
            errand.close();
        }
        Errand.Builder builder =
                Errand.builder(backend, objects, factory.between(ProjectDirectory.class, directory))
                        .clock(clock)
                        .ids(ids)
                        .random(random)
                        .options(options)
                        .links(run -> Optional.of(URI.create("https://logs.example/" + run.id())));
        Arrays.stream(listeners).forEach(builder::listener);
        errand = builder.listener(factory.between(RunListener.class, listener)).build();
    }

    TestClock clock() {
        return clock;
    }

    TestDirectory directory() {
        return directory;
    }

    RecordingBackend backend() {
        return backend;
    }

    RecordingObjectStore objects() {
        return objects;
    }

    Errand errand() {
        return errand;
    }

    /** Opens a second engine with a relay on the same storage. */
    Errand relaying(MessageRelay relay) {
        return Errand.builder(backend, objects, directory)
                .relay(factory.between(MessageRelay.class, relay))
                .build();
    }

    /** Closes the engine, which delivers all pending events, and returns its listener. */
    RecordingListener closeAndGetListener() {
        errand.close();
        return listener;
    }

    @Override
    public void close() {
        errand.close();
        backend.close();
    }

    // --- callers

    ProjectClient as(Caller caller) {
        return errand.project(ACME, caller);
    }

    /** Returns the client of Rosa in the first project. */
    ProjectClient rosas() {
        return as(Caller.user(ROSA));
    }

    /** Returns the client of Omar in the first project. */
    ProjectClient omars() {
        return as(Caller.user(OMAR));
    }

    /** Returns the client of Omar in the second project. */
    ProjectClient others() {
        return errand.project(OTHER, Caller.user(OMAR));
    }

    // --- test data

    /** Creates a task of Rosa's without a repository. */
    TaskId task() {
        return task(CreateTaskRequest.builder().title("Cart crash").build());
    }

    TaskId task(CreateTaskRequest request) {
        clock.tick();
        return rosas().tasks().create(request).task().id();
    }

    /** Creates and queues a cloud run. */
    RunId queuedRun(TaskId task) {
        clock.tick();
        RunTaskRequest request = RunTaskRequest.builder().build();
        return rosas().runs().run(task, request).latestRun().orElseThrow().id();
    }

    /** Creates a cloud run that is not started. */
    RunId notStartedRun(TaskId task) {
        return notStartedRun(task, RunEnvironment.CLOUD);
    }

    RunId notStartedRun(TaskId task, RunEnvironment environment) {
        clock.tick();
        CreateRunRequest request = CreateRunRequest.builder().environment(environment).build();
        return rosas().runs().create(task, request).id();
    }

    /** Creates a cloud run with this status. */
    RunId runIn(TaskId task, RunStatus status) {
        if (status == RunStatus.NOT_STARTED) {
            return notStartedRun(task);
        }
        RunId run = queuedRun(task);
        if (status != RunStatus.QUEUED) {
            clock.tick();
            rosas().runs().update(task, run, UpdateRunRequest.builder().status(status).build());
        }
        return run;
    }

    /** Creates a staged artifact of the task. */
    Artifact staged(TaskId task, String name) {
        return finalized(task, uploaded(task, name));
    }

    /** Creates an upload for the task that is not finalized. */
    PreparedUpload uploaded(TaskId task, String name) {
        PreparedUpload prepared = prepared(task, name);
        objects.upload(prepared.form(), new byte[] {1, 2, 3}, "text/plain");
        return prepared;
    }

    /** Reserves a storage key of the task without uploading content. */
    PreparedUpload prepared(TaskId task, String name) {
        UploadItem upload =
                new UploadItem(name, ArtifactType.USER_ATTACHMENT, "", 3L, Optional.empty());
        return rosas().stagedArtifacts()
                .prepareUpload(task, new PrepareUploadsRequest(List.of(upload)))
                .get(0);
    }

    Artifact finalized(TaskId task, PreparedUpload upload) {
        FinalizeItem request =
                new FinalizeItem(
                        upload.id().value(),
                        upload.name(),
                        upload.type(),
                        upload.source(),
                        upload.storagePath(),
                        Optional.empty());
        return rosas().stagedArtifacts()
                .finalizeUpload(task, new FinalizeUploadsRequest(List.of(request)))
                .get(0);
    }

    /** Returns the stored run, even if its task is deleted. */
    Run stored(TaskId task, RunId run) {
        return find(task, run).run();
    }

    /** Returns the queue entry of a run; empty if the run needs no dispatcher action. */
    Optional<QueueEntry> findEntry(TaskId task, RunId run) {
        return find(task, run).entry();
    }

    /** Returns the queue entry of a run that needs dispatcher action. */
    QueueEntry getEntry(TaskId task, RunId run) {
        return findEntry(task, run).orElseThrow();
    }

    private StoredRun find(TaskId task, RunId run) {
        return backend.runs().findIncludingDeleted(ACME, task, run).orElseThrow();
    }

    /** Changes a stored run directly, without the rules of the engine. */
    void change(TaskId task, RunId run, UnaryOperator<Run.Builder> edit) {
        StoredRun before = find(task, run);
        update(before, before.withRun(edit.apply(next(before)).build()));
    }

    /** Removes the queue entry of a run, as a dispatcher does when the sandbox has ended. */
    void removeEntry(TaskId task, RunId run) {
        StoredRun before = find(task, run);
        update(before, StoredRun.withoutEntry(next(before).build()));
    }

    private Run.Builder next(StoredRun before) {
        return before.run().change(clock.instant());
    }

    private void update(StoredRun before, StoredRun after) {
        assertThat(backend.runs().update(ACME, RunChange.of(before, after)))
                .isInstanceOf(RunUpdateResult.Updated.class);
    }

    /** Replaces the state of a stored run directly, without the rules of the engine. */
    void changeState(TaskId task, RunId run, String state) {
        change(task, run, edit -> edit.state(JsonText.of(state)));
    }

    /** Records the launch of a queued run, as a dispatcher does. */
    Run launch(TaskId task, RunId run) {
        ClaimedRun claimed =
                claimAll().stream()
                        .filter(one -> one.run().id().equals(run))
                        .findFirst()
                        .orElseThrow();
        StoredRun before = claimed.stored();
        StoredRun after =
                before.withRun(
                        next(before).status(RunStatus.IN_PROGRESS).build(),
                        entry -> entry.launched("sandbox-1", clock.instant()));
        RunChange change = RunChange.of(before, after).withLease(claimed.lease()).releasingLease();
        backend.runs().update(ACME, change);
        return stored(task, run);
    }

    /** Claims all runs that need dispatcher action, for one minute. */
    List<ClaimedRun> claimAll() {
        ClaimRequest request = new ClaimRequest("node-1", 1_000, LEASE);
        return backend.queue().claim(ProjectScope.everyProject(), request);
    }

    // --- stored data

    /** Returns all tasks of the project, newest first; internal tasks come last. */
    List<TaskWithLatestRun> allTasks(ProjectId project) {
        PageRequest most = new PageRequest(PageRequest.MAX_LIMIT, 0);
        List<TaskWithLatestRun> tasks =
                new ArrayList<>(backend.tasks().list(project, filter(false), most).items());
        tasks.addAll(backend.tasks().list(project, filter(true), most).items());
        return tasks;
    }

    /** Returns all runs of the task, newest first. */
    List<Run> allRuns(ProjectId project, TaskId task) {
        PageRequest most = new PageRequest(PageRequest.MAX_LIMIT, 0);
        return backend.runs().list(project, task, most).items();
    }

    /** Returns all stored data as text; two snapshots differ if anything has changed. */
    String snapshot() {
        return snapshot(ACME) + snapshot(OTHER);
    }

    /** Returns all stored data of a project as text. */
    String snapshot(ProjectId project) {
        StringBuilder snapshot = new StringBuilder();
        for (TaskWithLatestRun task : allTasks(project)) {
            snapshot.append(task.task()).append('\n');
            for (Run run : allRuns(project, task.task().id())) {
                snapshot.append(backend.runs().findIncludingDeleted(project, run.task(), run.id()))
                        .append('\n');
                snapshot.append(backend.log().read(project, run.id(), LogFilter.ALL, 0, 1_000))
                        .append('\n');
            }
        }
        for (Reservation each : backend.reservations()) {
            snapshot.append(backend.staging().findReservation(project, each.task(), each.id()))
                    .append(backend.staging().find(project, each.task(), List.of(each.id())))
                    .append('\n');
        }
        for (RunId run : backend.runsWithSecrets()) {
            snapshot.append(run).append(backend.secrets().find(project, run).keySet()).append('\n');
        }
        return snapshot.toString();
    }

    static TaskFilter filter(boolean internal) {
        return new TaskFilter(
                internal,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Returns an API key of Rosa's for one project with these scopes. */
    static Caller key(ProjectId project, Scope... scopes) {
        return Caller.key(ROSA, Set.of(project), Set.of(scopes));
    }
}
