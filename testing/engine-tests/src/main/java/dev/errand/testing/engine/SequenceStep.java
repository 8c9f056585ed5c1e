package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.errand.ProjectClient;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.UploadItem;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.task.CreateTaskRequest;
import dev.errand.testing.engine.ModelProject.ModelRun;
import dev.errand.testing.engine.ModelProject.ModelTask;
import dev.errand.testing.engine.ModelProject.ModelUpload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * One step of a random sequence of operations. Indexes select modulo the number of existing
 * objects, so that every number is valid. A step without objects to select from has no effect.
 *
 * @param kind the operation
 * @param task the index of the task
 * @param run the index of the run of the task
 * @param variant selects the variant of the operation
 */
record SequenceStep(Kind kind, int task, int run, int variant) {

    private static final JsonText REQUIRES_OK =
            JsonText.of("{\"required\":[\"ok\"],\"properties\":{\"ok\":{\"const\":true}}}");

    /** The operations. */
    enum Kind {
        CREATE_TASK,
        UPDATE_TASK,
        DELETE_TASK,
        LIST_TASKS,
        RUN_TASK,
        CREATE_RUN,
        START_RUN,
        RESTART_RUN,
        UPDATE_RUN,
        SET_OUTPUT,
        APPEND_LOG,
        PREPARE,
        UPLOAD,
        FINALIZE,
        ACCESS_FROM_OTHER_PROJECT,
        TICK
    }

    /** Performs the operation and compares its result with the model. */
    void play(TestEngine engine, ProjectClient api, ModelProject model) {
        switch (kind) {
            case TICK -> engine.clock().tick();
            case CREATE_TASK -> createTask(api, model);
            case LIST_TASKS -> listTasks(api, model);
            default ->
                    chosen(model.tasks, task).ifPresent(chosen -> play(engine, api, model, chosen));
        }
    }

    private void play(TestEngine engine, ProjectClient api, ModelProject model, ModelTask on) {
        switch (kind) {
            case UPDATE_TASK -> updateTask(api, on);
            case DELETE_TASK -> deleteTask(api, on);
            case RUN_TASK -> runTask(api, model, on);
            case CREATE_RUN -> createRun(api, on);
            case PREPARE -> prepare(api, on);
            case UPLOAD -> chosen(on.uploads, run).ifPresent(it -> upload(engine, it));
            case FINALIZE -> chosen(on.uploads, run).ifPresent(it -> finish(api, on, it));
            case ACCESS_FROM_OTHER_PROJECT -> accessFromOtherProject(engine, model, on);
            default -> chosen(on.runs, run).ifPresent(it -> play(api, on, it));
        }
    }

    private void play(ProjectClient api, ModelTask on, ModelRun of) {
        switch (kind) {
            case START_RUN -> startRun(api, on, of);
            case RESTART_RUN -> restartRun(api, on, of);
            case UPDATE_RUN -> updateRun(api, on, of);
            case SET_OUTPUT -> setOutput(api, on, of);
            case APPEND_LOG -> appendLog(api, on, of);
            default -> throw new IllegalStateException("not a step of a run: " + kind);
        }
    }

    // --- tasks

    private void createTask(ProjectClient api, ModelProject model) {
        String title = "Task " + variant;
        boolean strict = variant % 3 == 0;
        CreateTaskRequest.Builder request = CreateTaskRequest.builder().title(title);
        if (strict) {
            request.jsonSchema(REQUIRES_OK);
        }
        TaskWithLatestRun created = api.tasks().create(request.build());
        assertThat(created.task().number()).isEqualTo(model.tasks.size());
        model.tasks.add(new ModelTask(TaskPosition.of(created.task()), title, strict));
    }

    private void updateTask(ProjectClient api, ModelTask on) {
        String title = "New " + variant;
        if (succeeds(on, () -> wire(api).updateTask(on.id(), "{\"title\":\"" + title + "\"}"))) {
            on.title = title;
        }
    }

    private void deleteTask(ProjectClient api, ModelTask on) {
        if (succeeds(on, () -> api.tasks().delete(on.id()))) {
            on.delete();
        }
    }

    private void listTasks(ProjectClient api, ModelProject model) {
        PageRequest request = new PageRequest(1 + variant % 4, run);
        Page<TaskWithLatestRun> page = api.tasks().list(TaskFilter.DEFAULT, request);
        List<ModelTask> expected = model.listed();
        assertThat(page.total()).isEqualTo(expected.size());
        assertThat(page.items())
                .extracting(item -> item.task().id())
                .isEqualTo(
                        expected.stream()
                                .map(ModelTask::id)
                                .skip(request.offset())
                                .limit(request.limit())
                                .toList());
    }

    // --- runs

    private void runTask(ProjectClient api, ModelProject model, ModelTask on) {
        List<ArtifactId> wanted = new ArrayList<>();
        ModelTask from = variant % 4 == 3 ? chosen(model.tasks, variant).orElseThrow() : on;
        for (int i = 0; i < variant % 3; i++) {
            chosen(from.uploads, run + i).ifPresent(it -> wanted.add(it.prepared.id()));
        }
        List<ArtifactId> ids = wanted.stream().distinct().toList();
        RunTaskRequest request =
                RunTaskRequest.builder()
                        .pendingUserArtifactIds(ids.stream().map(ArtifactId::value).toList())
                        .build();
        if (!on.deleted && !on.hasStaged(ids)) {
            List<String> missing =
                    ids.stream()
                            .filter(id -> !on.hasStaged(List.of(id)))
                            .map(ArtifactId::value)
                            .toList();
            InvalidRequestException rejected =
                    assertRejected(() -> api.runs().run(on.id(), request));
            assertThat(rejected.first().code()).isEqualTo(ErrorCode.MISSING_ARTIFACTS);
            assertThat(rejected.first().missingArtifactIds()).isEqualTo(missing);
        } else if (succeeds(on, () -> ran(on, ids, api.runs().run(on.id(), request)))) {
            on.consume(ids);
        }
    }

    private static void ran(ModelTask on, List<ArtifactId> ids, TaskWithLatestRun answer) {
        on.runs.add(
                new ModelRun(
                        answer.latestRun().orElseThrow().id(),
                        RunEnvironment.CLOUD,
                        RunStatus.QUEUED,
                        ids));
    }

    private void createRun(ProjectClient api, ModelTask on) {
        RunEnvironment environment = variant % 2 == 0 ? RunEnvironment.CLOUD : RunEnvironment.LOCAL;
        String body = "{\"environment\":\"" + environment.wire() + "\"}";
        succeeds(
                on,
                () ->
                        on.runs.add(
                                new ModelRun(
                                        WireClient.runId(wire(api).createRun(on.id(), body)),
                                        environment,
                                        RunStatus.NOT_STARTED,
                                        List.of())));
    }

    private void startRun(ProjectClient api, ModelTask on, ModelRun of) {
        ThrowingCallable start = () -> wire(api).startRun(on.id(), of.id, "{}");
        if (!on.deleted && !of.mayStart()) {
            assertThat(assertRejected(start).first().code()).isEqualTo(ErrorCode.NOT_STARTABLE);
        } else if (succeeds(on, start)) {
            of.start();
        }
    }

    private void restartRun(ProjectClient api, ModelTask on, ModelRun of) {
        ThrowingCallable restart = () -> api.runs().resumeInCloud(on.id(), of.id);
        if (!on.deleted && !of.mayRestart()) {
            assertThat(assertRejected(restart).first().code()).isEqualTo(ErrorCode.ALREADY_ACTIVE);
        } else if (succeeds(on, restart)) {
            of.restart();
        }
    }

    private void updateRun(ProjectClient api, ModelTask on, ModelRun of) {
        if (variant % 7 == 6) {
            handOver(api, on, of);
            return;
        }
        RunStatus to = RunStatus.values()[variant % 6];
        ThrowingCallable update =
                () -> wire(api).updateRun(on.id(), of.id, "{\"status\":\"" + to.wire() + "\"}");
        if (!on.deleted && !of.mayMoveTo(to)) {
            assertThat(assertRejected(update).first().code())
                    .isEqualTo(ErrorCode.INVALID_STATUS_TRANSITION);
        } else if (succeeds(on, update)) {
            of.status = to;
        }
    }

    private static void handOver(ProjectClient api, ModelTask on, ModelRun of) {
        if (succeeds(
                on, () -> wire(api).updateRun(on.id(), of.id, "{\"environment\":\"local\"}"))) {
            of.environment = RunEnvironment.LOCAL;
        }
    }

    private void setOutput(ProjectClient api, ModelTask on, ModelRun of) {
        boolean ok = variant % 3 != 0;
        String output = "{\"n\":" + variant + ",\"ok\":" + ok + "}";
        ThrowingCallable set =
                () -> wire(api).setOutput(on.id(), of.id, "{\"output\":" + output + "}");
        if (!on.deleted && on.strict && !ok) {
            assertThat(assertRejected(set).first().code()).isEqualTo(ErrorCode.OUTPUT_INVALID);
        } else if (succeeds(on, set)) {
            of.set(output, on.strict);
        }
    }

    private void appendLog(ProjectClient api, ModelTask on, ModelRun of) {
        String entry = "{\"n\":" + of.entries + "}";
        if (succeeds(
                on, () -> wire(api).appendLog(on.id(), of.id, "{\"entries\":[" + entry + "]}"))) {
            of.entries++;
        }
    }

    // --- staged artifacts

    private void prepare(ProjectClient api, ModelTask on) {
        UploadItem upload = new UploadItem("a.txt", ArtifactType.PLAN, "", 3L, Optional.empty());
        succeeds(
                on,
                () ->
                        on.uploads.add(
                                new ModelUpload(
                                        api.stagedArtifacts()
                                                .prepareUpload(
                                                        on.id(),
                                                        new PrepareUploadsRequest(List.of(upload)))
                                                .get(0))));
    }

    private static void upload(TestEngine engine, ModelUpload upload) {
        engine.objects().upload(upload.prepared.form(), new byte[] {1, 2, 3}, "");
        upload.uploaded = true;
    }

    private static void finish(ProjectClient api, ModelTask on, ModelUpload upload) {
        FinalizeItem item =
                new FinalizeItem(
                        upload.prepared.id().value(),
                        "a.txt",
                        ArtifactType.PLAN,
                        "",
                        upload.prepared.storagePath(),
                        Optional.empty());
        ThrowingCallable finish =
                () ->
                        api.stagedArtifacts()
                                .finalizeUpload(on.id(), new FinalizeUploadsRequest(List.of(item)));
        if (!on.deleted && (upload.consumed || !upload.uploaded)) {
            assertThat(assertRejected(finish).first().code())
                    .isEqualTo(
                            upload.consumed
                                    ? ErrorCode.INVALID_STORAGE_PATH
                                    : ErrorCode.UPLOAD_NOT_FOUND);
        } else if (succeeds(on, finish)) {
            upload.staged = true;
        }
    }

    // --- another project

    /** Attempts to access the task from the other project (docs/invariants.md#i5). */
    private void accessFromOtherProject(TestEngine engine, ModelProject model, ModelTask on) {
        String before = engine.snapshot(model.id);
        for (ThrowingCallable attempt : attempts(engine, on)) {
            assertThat(catchThrowable(attempt))
                    .isInstanceOfSatisfying(
                            RequestException.class,
                            denied -> assertThat(denied.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
        assertThat(engine.snapshot(model.id)).isEqualTo(before);
    }

    private List<ThrowingCallable> attempts(TestEngine engine, ModelTask on) {
        ProjectClient other = engine.others();
        List<ThrowingCallable> attempts = new ArrayList<>();
        attempts.add(() -> other.tasks().get(on.id()));
        attempts.add(() -> wire(other).updateTask(on.id(), "{\"title\":\"Theirs\"}"));
        attempts.add(() -> other.tasks().delete(on.id()));
        attempts.add(() -> wire(other).runTask(on.id(), "{}"));
        attempts.add(() -> other.runs().list(on.id(), PageRequest.FIRST));
        chosen(on.runs, run)
                .ifPresent(
                        of -> {
                            attempts.add(() -> other.runs().get(on.id(), of.id));
                            attempts.add(
                                    () ->
                                            wire(other)
                                                    .updateRun(
                                                            on.id(), of.id, "{\"stage\":\"x\"}"));
                            attempts.add(
                                    () -> wire(other).setOutput(on.id(), of.id, "{\"output\":1}"));
                        });
        return attempts;
    }

    // --- common

    private static WireClient wire(ProjectClient api) {
        return new WireClient(api);
    }

    /** Asserts that the operation succeeds, or reports a deleted task as not found. */
    private static boolean succeeds(ModelTask task, ThrowingCallable operation) {
        Throwable failure = catchThrowable(operation);
        if (!task.deleted) {
            assertThat(failure).isNull();
            return true;
        }
        assertThat(failure)
                .isInstanceOfSatisfying(
                        RequestException.class,
                        denied -> assertThat(denied.code()).isEqualTo(ErrorCode.NOT_FOUND));
        return false;
    }

    private static InvalidRequestException assertRejected(ThrowingCallable operation) {
        Throwable failure = catchThrowable(operation);
        assertThat(failure).isInstanceOf(InvalidRequestException.class);
        return (InvalidRequestException) failure;
    }

    private static <T> Optional<T> chosen(List<T> from, int number) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(number % from.size()));
    }
}
