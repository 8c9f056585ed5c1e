package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.UploadItem;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.UpdateTaskRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Two projects in one backend that also request each other's objects by their real ids
 * (docs/invariants.md#i5). No step of one project changes a row of the other, and no response
 * contains text of the other.
 */
final class TenantIsolationScenario {

    private static final List<ProjectId> PROJECTS = List.of(ProjectId.of(7), ProjectId.of(8));
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** The expected errors of requests for objects of the other project. */
    private static final Set<ErrorCode> NOT_FOUND_ERRORS =
            Set.of(
                    ErrorCode.NOT_FOUND,
                    ErrorCode.MISSING_ARTIFACTS,
                    ErrorCode.INVALID_STORAGE_PATH,
                    ErrorCode.IDEMPOTENCY_CONFLICT);

    /** An object of a project. */
    private record Owned<T>(ProjectId project, T thing) {}

    private final Backend backend;
    private final LocalObjectStore objects;
    private final Function<ProjectId, String> rows;
    private final Errand errand;
    private final List<Owned<TaskId>> tasks = new ArrayList<>();
    private final List<Owned<Run>> runs = new ArrayList<>();
    private final List<Owned<PreparedUpload>> uploads = new ArrayList<>();
    private final List<Owned<Lease>> leases = new ArrayList<>();

    /** The remaining part of the number of the step, which determines random choices. */
    private int choices;

    /** The project that acts in this step. */
    private ProjectId actor;

    private boolean crossesProjects;

    /**
     * Creates a scenario over an empty backend.
     *
     * @param rows returns every row of a project as text
     */
    TenantIsolationScenario(
            Backend backend, LocalObjectStore objects, Function<ProjectId, String> rows) {
        this.backend = backend;
        this.objects = objects;
        this.rows = rows;
        this.errand =
                Errand.builder(
                                backend,
                                objects,
                                ProjectDirectory.of(
                                        new Project(PROJECTS.get(0), "One"),
                                        new Project(PROJECTS.get(1), "Two")))
                        .build();
    }

    /** Executes one random step, determined by the number. */
    void step(int number) {
        choices = number;
        crossesProjects = false;
        actor = PROJECTS.get(choose(2));
        ProjectId other = PROJECTS.get(PROJECTS.indexOf(actor) == 0 ? 1 : 0);
        String before = rows.apply(other);
        int what = choose(21);
        Object response;
        try {
            response = act(errand.project(actor, Caller.host()), what);
        } catch (InvalidRequestException rejected) {
            response = rejected.violations();
            assertThat(what)
                    .as("kind of a rejected request; creating a task is never rejected")
                    .isGreaterThan(1);
            assertThat(!crossesProjects || NOT_FOUND_ERRORS.contains(rejected.first().code()))
                    .as(rejected.toString())
                    .isTrue();
        } catch (RequestException denied) {
            response = denied;
            assertThat(crossesProjects ? denied.code() : ErrorCode.NOT_FOUND)
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
        assertThat(response.toString()).doesNotContain(textOf(other));
        assertThat(rows.apply(other)).isEqualTo(before);
    }

    private Object act(ProjectClient project, int what) {
        return switch (what) {
            case 0, 1 -> createTask(project);
            case 2 -> aTask().map(task -> own(project.tasks().get(task)));
            case 3 ->
                    aTask().map(
                                    task ->
                                            own(
                                                    project.tasks()
                                                            .update(
                                                                    task,
                                                                    UpdateTaskRequest.builder()
                                                                            .title(text())
                                                                            .build())));
            case 4 -> choose(4) == 0 ? aTask().map(task -> deleted(project, task)) : "nothing";
            case 5 -> project.tasks().list(TaskFilter.DEFAULT, PageRequest.FIRST);
            case 6, 7 -> aTask().map(task -> runTask(project, task));
            case 8 -> aTask().map(task -> createRun(project, task));
            case 9 -> aTask().map(task -> project.runs().list(task, PageRequest.FIRST));
            case 10 -> aRun().map(run -> own(project.runs().get(taskOf(run), run.id())));
            case 11 -> aRun().map(run -> startRun(project, run));
            case 12 -> aRun().map(run -> updateRun(project, run));
            case 13 -> aRun().map(run -> appendLog(project, run));
            case 14 -> aRun().map(run -> project.runs().readLog(taskOf(run), run.id(), 0, 100));
            case 15 -> aTask().map(task -> prepare(project, task));
            case 16 ->
                    any(uploads)
                            .flatMap(upload -> aTask().map(task -> finish(project, task, upload)));
            case 17, 18 -> claim();
            default -> any(leases).map(this::useLease);
        };
    }

    // --- steps

    private TaskWithLatestRun createTask(ProjectClient project) {
        Optional<String> key = aKey();
        // With a key, both projects send the same request.
        String description = key.isPresent() ? "Of whom?" : text();
        CreateTaskRequest request =
                CreateTaskRequest.builder().title("A task").description(description).build();
        TaskWithLatestRun created = own(project.tasks().create(request, key));
        assertThat(tasks)
                .noneMatch(
                        it ->
                                it.thing().equals(created.task().id())
                                        && !it.project().equals(actor));
        tasks.add(new Owned<>(actor, created.task().id()));
        return created;
    }

    private static String deleted(ProjectClient project, TaskId task) {
        project.tasks().delete(task);
        return "deleted";
    }

    private TaskWithLatestRun runTask(ProjectClient project, TaskId task) {
        RunTaskRequest.Builder request = RunTaskRequest.builder().branch(text());
        if (choose(2) == 0) {
            any(uploads)
                    .ifPresent(
                            upload -> request.pendingUserArtifactIds(List.of(upload.id().value())));
        }
        TaskWithLatestRun run = own(project.runs().run(task, request.build(), aKey()));
        runs.add(new Owned<>(actor, run.latestRun().orElseThrow()));
        return run;
    }

    private Run createRun(ProjectClient project, TaskId task) {
        CreateRunRequest request =
                CreateRunRequest.builder().branch(text()).environment(RunEnvironment.CLOUD).build();
        Run run = own(project.runs().create(task, request, aKey()));
        runs.add(new Owned<>(actor, run));
        return run;
    }

    private TaskWithLatestRun startRun(ProjectClient project, Run run) {
        StartRunRequest request = StartRunRequest.builder().pendingUserMessage(text()).build();
        return own(project.runs().start(taskOf(run), run.id(), request, aKey()));
    }

    private Run updateRun(ProjectClient project, Run run) {
        JsonText output = JsonText.of("{\"by\":\"" + text() + "\"}");
        if (choose(3) == 0) {
            return own(
                    project.runs().setOutput(taskOf(run), run.id(), new SetOutputRequest(output)));
        }
        UpdateRunRequest.Builder request = UpdateRunRequest.builder().stage(text()).state(output);
        if (choose(2) == 0) {
            request.status(RunStatus.values()[choose(RunStatus.values().length)]);
        }
        return own(project.runs().update(taskOf(run), run.id(), request.build()));
    }

    private Run appendLog(ProjectClient project, Run run) {
        JsonText entry =
                JsonText.of("{\"event_id\":\"" + choose(3) + "\",\"by\":\"" + text() + "\"}");
        AppendLogRequest request = new AppendLogRequest(List.of(entry));
        return own(project.runs().appendLog(taskOf(run), run.id(), request, aKey()));
    }

    private PreparedUpload prepare(ProjectClient project, TaskId task) {
        UploadItem upload = new UploadItem(text(), ArtifactType.PLAN, "", 1L, Optional.empty());
        PreparedUpload prepared =
                project.stagedArtifacts()
                        .prepareUpload(task, new PrepareUploadsRequest(List.of(upload)))
                        .get(0);
        try {
            objects.receive(
                    prepared.form().fields(),
                    key -> true,
                    new ByteArrayInputStream(new byte[1]),
                    "text/plain");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        uploads.add(new Owned<>(actor, prepared));
        return prepared;
    }

    private static Object finish(ProjectClient project, TaskId task, PreparedUpload upload) {
        FinalizeItem item =
                new FinalizeItem(
                        upload.id().value(),
                        "a.txt",
                        ArtifactType.PLAN,
                        "",
                        upload.storagePath(),
                        Optional.empty());
        return project.stagedArtifacts()
                .finalizeUpload(task, new FinalizeUploadsRequest(List.of(item)));
    }

    /** Claims with the scope of the acting project. */
    private Object claim() {
        var claimed =
                backend.queue()
                        .claim(
                                ProjectScope.only(Set.of(actor)),
                                new ClaimRequest(text(), 1 + choose(3), LEASE));
        claimed.forEach(
                each -> {
                    assertThat(each.run().project()).isEqualTo(actor);
                    leases.add(new Owned<>(actor, each.lease()));
                });
        return claimed;
    }

    /** A lease of the other project is not valid here, even with a change of the other's run. */
    private Object useLease(Lease claimed) {
        Lease lease =
                new Lease(actor, claimed.run(), claimed.owner(), claimed.token(), claimed.until());
        StoredRun run =
                runs.stream()
                        .map(Owned::thing)
                        .filter(it -> it.id().equals(lease.run()))
                        .findFirst()
                        .map(
                                it ->
                                        new StoredRun(
                                                it,
                                                Optional.of(QueueEntry.queued(it.createdAt()))
                                                        .filter(entry -> it.attempt() > 0)))
                        .orElseThrow();
        Object answer =
                switch (choose(3)) {
                    case 0 -> backend.queue().renew(List.of(lease), LEASE).get(0).isPresent();
                    case 1 -> backend.queue().release(lease);
                    default -> {
                        Run after =
                                run.run()
                                        .change(run.run().updatedAt())
                                        .stage(Optional.of(text()))
                                        .build();
                        RunChange change =
                                RunChange.of(run, run.withRun(after))
                                        .withLease(lease)
                                        .releasingLease();
                        yield backend.runs().update(actor, change)
                                instanceof RunUpdateResult.Updated;
                    }
                };
        assertThat(crossesProjects && answer.equals(true)).isFalse();
        return answer;
    }

    // --- random choices

    /** Returns a word that every text of the acting project contains. */
    private String text() {
        return textOf(actor);
    }

    private static String textOf(ProjectId project) {
        return "belongs-to-" + project;
    }

    /** Returns one of a few keys, which both projects use. */
    private Optional<String> aKey() {
        return choose(2) == 0 ? Optional.empty() : Optional.of("key " + choose(3));
    }

    private Optional<TaskId> aTask() {
        return any(tasks);
    }

    private Optional<Run> aRun() {
        return any(runs);
    }

    /** Returns the task of the run, or any other task, possibly of the acting project. */
    private TaskId taskOf(Run run) {
        return choose(3) == 0 ? aTask().orElseThrow() : run.task();
    }

    private <T> Optional<T> any(List<Owned<T>> known) {
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Owned<T> chosen = known.get(choose(known.size()));
        crossesProjects |= !chosen.project().equals(actor);
        return Optional.of(chosen.thing());
    }

    private TaskWithLatestRun own(TaskWithLatestRun answer) {
        assertThat(answer.task().project()).isEqualTo(actor);
        assertThat(crossesProjects).isFalse();
        return answer;
    }

    private Run own(Run answer) {
        assertThat(answer.project()).isEqualTo(actor);
        assertThat(crossesProjects).isFalse();
        return answer;
    }

    private int choose(int bound) {
        int chosen = choices % bound;
        choices /= bound;
        return chosen;
    }
}
