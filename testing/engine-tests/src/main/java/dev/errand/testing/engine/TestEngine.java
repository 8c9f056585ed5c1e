package dev.errand.testing.engine;

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
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
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
 * An engine over a storage that is empty at first, in a host of two projects and two users; and the
 * shortest ways to bring it to where a test begins.
 */
final class TestEngine implements AutoCloseable {

    /** The project of nearly every test, as in the contract's examples. */
    static final ProjectId ACME = ProjectId.of(7);

    /** A project whose things nobody may meet in the first one. */
    static final ProjectId OTHER = ProjectId.of(8);

    /** The user of the contract's examples. */
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
    static final UUID NOBODYS_ENVIRONMENT = uuid(0x7c);
    static final UUID OTHER_ENVIRONMENT = uuid(0x8a);

    /** What nothing in the host has. */
    static final UUID UNKNOWN = uuid(0xff);

    private static final Instant START = Instant.parse("2026-05-07T09:28:06Z");
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final TestClock clock = TestClock.at(START);
    private final TestDirectory directory = new TestDirectory();
    private final RecordingListener told = new RecordingListener();
    private final Random random = new Random(20_260_507);
    private final IdGenerator ids = IdGenerator.of(new Random(42));
    private final EngineFactory factory;
    private final RecordingBackend backend;
    private final RecordingObjectStore objects;
    private Errand errand;

    /** Over what the factory opens, with the default policies. */
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
                .addSandboxEnvironment(ACME, environment(NOBODYS_ENVIRONMENT, true, null))
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
     * Opens the engine anew, over the same storage, with other policies, and with listeners who are
     * told before its own.
     */
    void configure(EngineOptions policies, RunListener... listeners) {
        if (errand != null) {
            errand.close();
        }
        Errand.Builder builder =
                Errand.builder(backend, objects, factory.between(ProjectDirectory.class, directory))
                        .clock(clock)
                        .ids(ids)
                        .random(random)
                        .options(policies)
                        .links(run -> Optional.of(URI.create("https://logs.example/" + run.id())));
        Arrays.stream(listeners).forEach(builder::listener);
        errand = builder.listener(factory.between(RunListener.class, told)).build();
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

    /** An engine beside this one, which has a relay. */
    Errand relaying(MessageRelay relay) {
        return Errand.builder(backend, objects, directory)
                .relay(factory.between(MessageRelay.class, relay))
                .build();
    }

    /** Closes the engine, and answers with what it told. */
    RecordingListener told() {
        errand.close();
        return told;
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

    /** Rosa in the first project. */
    ProjectClient rosas() {
        return as(Caller.user(ROSA));
    }

    /** Omar in the first project. */
    ProjectClient omars() {
        return as(Caller.user(OMAR));
    }

    /** Omar in the second project. */
    ProjectClient others() {
        return errand.project(OTHER, Caller.user(OMAR));
    }

    // --- where tests begin

    /** A task of Rosa's without a repository. */
    TaskId task() {
        return task(CreateTaskRequest.builder().title("Cart crash").build());
    }

    TaskId task(CreateTaskRequest request) {
        clock.tick();
        return rosas().tasks().create(request).task().id();
    }

    /** A cloud run of the task that the executor owes. */
    RunId queuedRun(TaskId task) {
        clock.tick();
        RunTaskRequest request = RunTaskRequest.builder().build();
        return rosas().runs().run(task, request).latestRun().orElseThrow().id();
    }

    /** A cloud run of the task that is recorded only. */
    RunId recordedRun(TaskId task) {
        return recordedRun(task, RunEnvironment.CLOUD);
    }

    RunId recordedRun(TaskId task, RunEnvironment environment) {
        clock.tick();
        CreateRunRequest request = CreateRunRequest.builder().environment(environment).build();
        return rosas().runs().create(task, request).id();
    }

    /** A cloud run of the task in this status. */
    RunId runIn(TaskId task, RunStatus status) {
        if (status == RunStatus.NOT_STARTED) {
            return recordedRun(task);
        }
        RunId run = queuedRun(task);
        if (status != RunStatus.QUEUED) {
            clock.tick();
            rosas().runs().update(task, run, UpdateRunRequest.builder().status(status).build());
        }
        return run;
    }

    /** A staged artifact of the task, ready for a run. */
    Artifact staged(TaskId task, String name) {
        return finalized(task, uploaded(task, name));
    }

    /** An upload for the task that is not finalised yet. */
    PreparedUpload uploaded(TaskId task, String name) {
        PreparedUpload prepared = prepared(task, name);
        objects.upload(prepared.form(), new byte[] {1, 2, 3}, "text/plain");
        return prepared;
    }

    /** A reserved key of the task, to which nothing was uploaded yet. */
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

    /** What the storage has of a run, also of a deleted task's. */
    Run stored(TaskId task, RunId run) {
        return backend.runs().find(ACME, task, run).orElseThrow();
    }

    /** Changes a run past all rules, as the executor's own port may. */
    Run change(TaskId task, RunId run, UnaryOperator<Run.Builder> edit) {
        Run before = stored(task, run);
        RunChange change = RunChange.of(before, edit.apply(before.change(clock.instant())).build());
        return ((RunUpdateResult.Updated) backend.runs().update(ACME, change)).run();
    }

    /** Replaces a run's state document past all rules. */
    void changeState(TaskId task, RunId run, String state) {
        change(task, run, edit -> edit.state(JsonText.of(state)));
    }

    /** The executor launches a queued run: its sandbox is up, the run in progress. */
    Run launch(TaskId task, RunId run) {
        ClaimedRun claimed =
                claimAll().stream()
                        .filter(one -> one.run().id().equals(run))
                        .findFirst()
                        .orElseThrow();
        Run before = claimed.run();
        Run after =
                before.change(clock.instant())
                        .status(RunStatus.IN_PROGRESS)
                        .dispatch(before.dispatch().launched("sandbox-1", clock.instant()))
                        .build();
        RunChange change = RunChange.of(before, after).withLease(claimed.lease()).releasingLease();
        backend.runs().update(before.project(), change);
        return stored(task, run);
    }

    /** Claims, for a minute, everything that the executor owes anybody. */
    List<ClaimedRun> claimAll() {
        ClaimRequest request = new ClaimRequest("node-1", 1_000, LEASE);
        return backend.queue().claim(ProjectScope.everyProject(), request);
    }

    // --- all that is there

    /** Every task of the project, newest first; internal ones behind the others. */
    List<TaskWithLatestRun> everyTask(ProjectId project) {
        PageRequest most = new PageRequest(PageRequest.MAX_LIMIT, 0);
        List<TaskWithLatestRun> tasks =
                new ArrayList<>(backend.tasks().list(project, filter(false), most).items());
        tasks.addAll(backend.tasks().list(project, filter(true), most).items());
        return tasks;
    }

    /** Every run of the task, newest first. */
    List<Run> everyRun(ProjectId project, TaskId task) {
        PageRequest most = new PageRequest(PageRequest.MAX_LIMIT, 0);
        return backend.runs().list(project, task, most).items();
    }

    /** Everything that there is, as one text: two of them differ if anything changed. */
    String picture() {
        return picture(ACME) + picture(OTHER);
    }

    /** Everything that a project has, as one text. */
    String picture(ProjectId project) {
        StringBuilder picture = new StringBuilder();
        for (TaskWithLatestRun task : everyTask(project)) {
            picture.append(task.task()).append('\n');
            for (Run run : everyRun(project, task.task().id())) {
                picture.append(run).append('\n');
                picture.append(backend.log().read(project, run.id(), 0, 1_000)).append('\n');
            }
        }
        for (Reservation each : backend.reservations()) {
            picture.append(backend.staging().findReservation(project, each.task(), each.id()))
                    .append(backend.staging().find(project, each.task(), List.of(each.id())))
                    .append('\n');
        }
        for (RunId run : backend.runsWithSecrets()) {
            picture.append(run).append(backend.secrets().find(project, run).keySet()).append('\n');
        }
        return picture.toString();
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

    /** A key that is good for one project and nothing but these scopes. */
    static Caller key(ProjectId project, Scope... scopes) {
        return Caller.key(ROSA, Set.of(project), Set.of(scopes));
    }
}
