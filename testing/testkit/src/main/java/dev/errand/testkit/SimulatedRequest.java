package dev.errand.testkit;

import dev.errand.ProjectClient;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.UploadItem;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The request of a caller for a task with one run. All its calls are idempotent: after a failure
 * the caller repeats them and receives the existing task and run.
 */
final class SimulatedRequest {

    /** A part of every secret, so that secrets are recognized in any output. */
    static final String SECRET = "hidden-from-everybody";

    final ProjectId project;
    final String key;
    final boolean withFile;
    final boolean withSecret;

    /**
     * The possible titles. There is more than one only while the result of an update is unknown.
     */
    Set<String> titles = new HashSet<>();

    /** The acknowledged lines of the log in order. */
    final List<String> lines = new java.util.ArrayList<>();

    Optional<TaskId> task = Optional.empty();
    Optional<ArtifactId> file = Optional.empty();
    Optional<RunId> run = Optional.empty();

    SimulatedRequest(ProjectId project, String key, int choice) {
        this.project = project;
        this.key = key;
        this.withFile = choice % 3 == 0;
        this.withSecret = choice % 5 == 0;
        titles.add(key);
    }

    /** Executes the calls until the run exists or a call fails. */
    void pursue(ProjectClient api, ObjectStore uploads) {
        TaskId created = api.tasks().create(task(), Optional.of(key)).task().id();
        HistoryCheck.holds(
                task.map(created::equals).orElse(true), "W5: " + key + " created a second task");
        task = Optional.of(created);
        if (withFile && file.isEmpty()) {
            file = Optional.of(stage(api, uploads, created));
        }
        TaskWithLatestRun answer = api.runs().run(created, run(), Optional.of("run of " + key));
        RunId begun = answer.latestRun().orElseThrow().id();
        HistoryCheck.holds(
                run.map(begun::equals).orElse(true), "W5: " + key + " created a second run");
        run = Optional.of(begun);
    }

    private CreateTaskRequest task() {
        CreateTaskRequest.Builder task =
                CreateTaskRequest.builder().title(key).description("of " + key);
        return withSecret ? task.repository("acme/mobile").build() : task.build();
    }

    private RunTaskRequest run() {
        RunTaskRequest.Builder run = RunTaskRequest.builder();
        file.ifPresent(id -> run.pendingUserArtifactIds(List.of(id.value())));
        return withSecret
                ? run.prAuthorshipMode(PrAuthorshipMode.USER)
                        .githubUserToken(SECRET + " of " + key)
                        .build()
                : run.build();
    }

    private ArtifactId stage(ProjectClient api, ObjectStore uploads, TaskId of) {
        byte[] content = key.getBytes(StandardCharsets.UTF_8);
        PreparedUpload upload =
                api.stagedArtifacts()
                        .prepareUpload(
                                of,
                                new PrepareUploadsRequest(
                                        List.of(
                                                new UploadItem(
                                                        "file.txt",
                                                        ArtifactType.USER_ATTACHMENT,
                                                        "",
                                                        (long) content.length,
                                                        Optional.empty()))))
                        .get(0);
        // Has the same effect as an upload with the form.
        uploads.write(
                project,
                upload.storagePath(),
                new ByteArrayInputStream(content),
                content.length,
                "text/plain");
        return api.stagedArtifacts()
                .finalizeUpload(
                        of,
                        new FinalizeUploadsRequest(
                                List.of(
                                        new FinalizeItem(
                                                upload.id().value(),
                                                upload.name(),
                                                upload.type(),
                                                "",
                                                upload.storagePath(),
                                                Optional.empty()))))
                .get(0)
                .id();
    }
}
