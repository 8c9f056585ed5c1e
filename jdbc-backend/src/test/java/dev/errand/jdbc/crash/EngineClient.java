package dev.errand.jdbc.crash;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.UploadItem;
import dev.errand.jdbc.internal.JdbcBackendProvider;
import dev.errand.objects.file.FileObjectStore;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.project.User;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.task.CreateTaskRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** An engine over a database and a directory of objects, opened by URL as a host does. */
final class EngineClient implements AutoCloseable {

    /** The number of entries that each step appends to a log. */
    static final int ENTRIES = 3;

    private final Backend backend;
    private final FileObjectStore objects;
    private final Errand errand;

    private EngineClient(Backend backend, FileObjectStore objects) {
        this.backend = backend;
        this.objects = objects;
        this.errand = errandOver(backend);
    }

    /** Creates the tables. */
    static void migrate(String url) {
        new JdbcBackendProvider().open(url, Map.of("migrate", "true"), Clock.systemUTC()).close();
    }

    /** Opens an engine with at most the given number of connections. */
    static EngineClient open(String url, Path directory, int connections) {
        Map<String, String> options = Map.of("pool-size", Integer.toString(connections));
        FileObjectStore objects =
                FileObjectStore.open(
                        directory, Clock.systemUTC(), Secret.of("a key for signed forms"));
        objects.setBaseUrl(URI.create("http://localhost"));
        return new EngineClient(
                new JdbcBackendProvider().open(url, options, Clock.systemUTC()), objects);
    }

    Backend backend() {
        return backend;
    }

    /** Returns another engine over the same objects. */
    Errand errandOver(Backend other) {
        return Errand.builder(other, objects, new EveryProject()).build();
    }

    ProjectClient project(ProjectId project) {
        return errand.project(project, Caller.host());
    }

    /** Performs the request, and returns the values that the client records. */
    List<String> perform(ProjectId id, Step step) {
        ProjectClient project = project(id);
        return switch (step.kind()) {
            case CREATE_TASK, CREATE_TASK_KEYED -> {
                TaskWithLatestRun created =
                        project.tasks()
                                .create(
                                        CreateTaskRequest.builder()
                                                .title(step.mark())
                                                .description(descriptionOf(step))
                                                .build(),
                                        step.key());
                yield List.of(
                        created.task().id().toString(), Long.toString(created.task().number()));
            }
            case PREPARE -> prepare(project, step);
            case FINALIZE -> {
                finish(project, step);
                yield List.of();
            }
            case RUN_TASK -> {
                RunTaskRequest request =
                        RunTaskRequest.builder()
                                .branch(step.mark())
                                .pendingUserArtifactIds(step.artifacts())
                                .build();
                yield created(
                        project.runs()
                                .run(step.task(), request, step.key())
                                .latestRun()
                                .orElseThrow());
            }
            case CREATE_RUN -> {
                CreateRunRequest request =
                        CreateRunRequest.builder()
                                .branch(step.mark())
                                .environment(RunEnvironment.CLOUD)
                                .build();
                yield created(project.runs().create(step.task(), request, step.key()));
            }
            case START_RUN -> {
                StartRunRequest request =
                        StartRunRequest.builder().pendingUserMessage(step.mark()).build();
                project.runs().start(step.task(), step.run(), request, step.key());
                yield List.of();
            }
            case ADVANCE -> {
                UpdateRunRequest request =
                        UpdateRunRequest.builder().status(step.status()).stage(step.mark()).build();
                yield changed(project.runs().update(step.task(), step.run(), request));
            }
            case SET_OUTPUT ->
                    changed(
                            project.runs()
                                    .setOutput(
                                            step.task(),
                                            step.run(),
                                            new SetOutputRequest(outputOf(step.mark()))));
            case APPEND_LOG -> {
                AppendLogRequest request = new AppendLogRequest(entriesOf(step.mark()));
                project.runs().appendLog(step.task(), step.run(), request, step.key());
                yield List.of();
            }
        };
    }

    private static List<String> created(Run run) {
        return List.of(run.id().toString(), Long.toString(run.version()), run.status().toString());
    }

    private static List<String> changed(Run run) {
        return List.of(Long.toString(run.version()), run.status().toString());
    }

    private List<String> prepare(ProjectClient project, Step step) {
        UploadItem upload =
                new UploadItem(
                        step.mark(),
                        ArtifactType.USER_ATTACHMENT,
                        "",
                        (long) contentOf(step).length,
                        Optional.empty());
        PreparedUpload prepared =
                project.stagedArtifacts()
                        .prepareUpload(step.task(), new PrepareUploadsRequest(List.of(upload)))
                        .get(0);
        try {
            objects.receive(
                    prepared.form().fields(),
                    key -> true,
                    new ByteArrayInputStream(contentOf(step)),
                    "text/plain");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(prepared.id().value(), prepared.storagePath());
    }

    private static void finish(ProjectClient project, Step step) {
        FinalizeItem item =
                new FinalizeItem(
                        step.artifacts().get(0),
                        step.mark(),
                        ArtifactType.USER_ATTACHMENT,
                        "",
                        step.storagePath(),
                        Optional.empty());
        project.stagedArtifacts()
                .finalizeUpload(step.task(), new FinalizeUploadsRequest(List.of(item)));
    }

    static String descriptionOf(Step step) {
        return "The description of " + step.mark();
    }

    static JsonText outputOf(String mark) {
        return JsonText.of("{\"by\":\"" + mark + "\"}");
    }

    static List<JsonText> entriesOf(String mark) {
        return IntStream.range(0, ENTRIES)
                .mapToObj(part -> JsonText.of("{\"by\":\"" + mark + "\",\"part\":" + part + "}"))
                .toList();
    }

    private static byte[] contentOf(Step step) {
        return step.mark().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        errand.close();
        backend.close();
    }

    /** A directory in which every number is a project. */
    private static final class EveryProject implements ProjectDirectory {
        @Override
        public Optional<Project> findProject(ProjectId project) {
            return Optional.of(new Project(project, "Project " + project));
        }

        @Override
        public Optional<User> findUser(ProjectId project, UserId user) {
            return Optional.empty();
        }
    }
}
