package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.RunArtifacts;
import dev.errand.config.LinkProvider;
import dev.errand.internal.json.Json;
import dev.errand.internal.json.JsonObject;
import dev.errand.internal.rules.RunState;
import dev.errand.internal.rules.Slugs;
import dev.errand.internal.wire.Views.ArtifactView;
import dev.errand.internal.wire.Views.ArtifactsView;
import dev.errand.internal.wire.Views.ConnectionTokenView;
import dev.errand.internal.wire.Views.ConversationView;
import dev.errand.internal.wire.Views.FormView;
import dev.errand.internal.wire.Views.LinkView;
import dev.errand.internal.wire.Views.ModelView;
import dev.errand.internal.wire.Views.ModelsView;
import dev.errand.internal.wire.Views.PageView;
import dev.errand.internal.wire.Views.PreparedUploadView;
import dev.errand.internal.wire.Views.PreparedUploadsView;
import dev.errand.internal.wire.Views.RelayView;
import dev.errand.internal.wire.Views.ReplacedConversationView;
import dev.errand.internal.wire.Views.RepositoriesView;
import dev.errand.internal.wire.Views.RunStateView;
import dev.errand.internal.wire.Views.RunSummaryView;
import dev.errand.internal.wire.Views.RunView;
import dev.errand.internal.wire.Views.StartedTaskView;
import dev.errand.internal.wire.Views.TaskSummaryView;
import dev.errand.internal.wire.Views.TaskView;
import dev.errand.internal.wire.Views.UsageView;
import dev.errand.internal.wire.Views.UserView;
import dev.errand.profile.ApiProfile;
import dev.errand.run.Runs;
import dev.errand.run.StateKey;
import dev.errand.spi.JsonText;
import dev.errand.spi.Page;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.project.User;
import dev.errand.spi.run.ModelCatalogue;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.UsageCosts;
import dev.errand.wire.WireFormat;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The implementation of {@link WireFormat}. The project's name, its users and the links to logs are
 * looked up whenever a response is written.
 */
public final class JsonWireFormat implements WireFormat {

    private static final Map<ApiProfile, Writers> WRITERS =
            new EnumMap<>(
                    Arrays.stream(ApiProfile.values())
                            .collect(Collectors.toMap(Function.identity(), Writers::of)));

    private static final int PREVIEW_LENGTH = 1_000;

    private static final Set<String> HIDDEN_STATE =
            Arrays.stream(StateKey.values())
                    .filter(StateKey::isHidden)
                    .map(StateKey::wire)
                    .collect(Collectors.toUnmodifiableSet());

    private final RequestBinder binder;
    private final ApiProfile profile;
    private final Writers writers;
    private final ProjectDirectory directory;
    private final LinkProvider links;
    private final ProjectId project;

    /** Creates the format of one project. */
    public JsonWireFormat(
            RequestBinder binder,
            ApiProfile profile,
            ProjectDirectory directory,
            LinkProvider links,
            ProjectId project) {
        this.binder = binder;
        this.profile = profile;
        this.writers = Objects.requireNonNull(WRITERS.get(profile));
        this.directory = directory;
        this.links = links;
        this.project = project;
    }

    /** The writers of one profile. */
    private record Writers(ObjectWriter task, ObjectWriter run, ObjectWriter any) {

        static Writers of(ApiProfile profile) {
            JsonMapper mapper =
                    JsonMapper.builder(Json.FACTORY)
                            .addModule(new ResponseModule(profile))
                            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                            .build();
            return new Writers(
                    mapper.writerFor(TaskView.class),
                    mapper.writerFor(RunView.class),
                    mapper.writer());
        }
    }

    @Override
    public <R extends Record> R read(Class<R> type, byte[] body) {
        return binder.read(type, body);
    }

    @Override
    public <R extends Record> R read(Class<R> type, InputStream body) {
        return binder.read(type, body);
    }

    @Override
    public byte[] writeTask(TaskWithLatestRun task) {
        return write(writers.task, view(projectName(), task));
    }

    @Override
    public byte[] writeStartedTask(TaskWithLatestRun task) {
        TaskView view = view(projectName(), task);
        return write(writers.any, new StartedTaskView(view, view.latestRun(), null));
    }

    @Override
    public byte[] writeCreatedTask(TaskWithLatestRun task) {
        return write(writers.any, new StartedTaskView(view(projectName(), task), null, null));
    }

    @Override
    public byte[] writeTasks(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous) {
        String projectName = projectName();
        return writePage(page, next, previous, task -> view(projectName, task));
    }

    @Override
    public byte[] writeBasicTasks(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous) {
        String projectName = projectName();
        return writePage(page, next, previous, task -> view(projectName, task, true));
    }

    @Override
    public byte[] writeSummaries(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous) {
        return writePage(page, next, previous, JsonWireFormat::summary);
    }

    @Override
    public byte[] writeRepositories(List<String> repositories) {
        return write(writers.any, new RepositoriesView(repositories));
    }

    @Override
    public byte[] writeModels(List<ModelCatalogue.Model> models) {
        return write(
                writers.any,
                new ModelsView(
                        models.stream()
                                .map(
                                        it ->
                                                new ModelView(
                                                        it.runtimeAdapter(),
                                                        it.id(),
                                                        it.displayName(),
                                                        it.supportedEfforts().stream()
                                                                .filter(profile::knows)
                                                                .toList()))
                                .toList()));
    }

    @Override
    public byte[] writeUsage(UsageCosts.UsageCost cost) {
        return write(writers.any, new UsageView(cost.tokens(), cost.compute(), cost.total()));
    }

    @Override
    public byte[] writeRun(Run run) {
        return write(writers.run, view(run));
    }

    @Override
    public byte[] writeRunState(Run run) {
        return write(
                writers.any,
                new RunStateView(
                        "task_run_state",
                        run.id().value(),
                        run.task().value(),
                        run.status(),
                        run.stage().orElse(null),
                        run.output().orElse(null),
                        run.branch().orElse(null),
                        run.errorMessage().orElse(null),
                        run.updatedAt(),
                        run.completedAt().orElse(null)));
    }

    @Override
    public byte[] writeRuns(Page<Run> page, Optional<String> next, Optional<String> previous) {
        return writePage(page, next, previous, this::view);
    }

    @Override
    public byte[] writeArtifacts(List<Artifact> artifacts) {
        return write(writers.any, new ArtifactsView(views(artifacts, JsonWireFormat::view)));
    }

    /** Returns manifest entries as a list (docs/wire/artifacts.md#a4). */
    public static JsonText listOfArtifacts(ApiProfile profile, List<Artifact> artifacts) {
        byte[] list =
                write(
                        Objects.requireNonNull(WRITERS.get(profile)).any,
                        views(artifacts, JsonWireFormat::view));
        return new JsonText(new String(list, StandardCharsets.UTF_8));
    }

    @Override
    public byte[] writePreparedUploads(List<PreparedUpload> uploads) {
        return write(writers.any, new PreparedUploadsView(views(uploads, JsonWireFormat::view)));
    }

    @Override
    public byte[] writeLink(RunArtifacts.ArtifactLink link) {
        return write(writers.any, new LinkView(link.url(), link.expiresIn().toSeconds()));
    }

    @Override
    public byte[] writeConnectionToken(Secret token) {
        return write(writers.any, new ConnectionTokenView(token.reveal()));
    }

    @Override
    public byte[] writeConversation(Conversation conversation, Optional<URI> link) {
        return write(
                writers.any,
                new ConversationView(
                        conversation.id(), link.orElse(null), conversation.sha256().orElse(null)));
    }

    @Override
    public byte[] writeReplacedConversation(Conversation conversation) {
        return write(
                writers.any,
                new ReplacedConversationView(
                        conversation.id(), conversation.sha256().orElseThrow()));
    }

    @Override
    public byte[] writeRelayResult(Runs.RelayResult result) {
        return write(writers.any, new RelayView(result.status(), result.relayId().orElse(null)));
    }

    private String projectName() {
        return directory.findProject(project).map(Project::name).orElse("");
    }

    private TaskView view(String projectName, TaskWithLatestRun found) {
        return view(projectName, found, false);
    }

    /** Returns the view of a task, with the beginning of its description or with all of it. */
    private TaskView view(String projectName, TaskWithLatestRun found, boolean isBasic) {
        Task task = found.task();
        TaskDetails details = task.details();
        return new TaskView(
                task.id().value(),
                task.number(),
                Slugs.slug(projectName, task.number()),
                details.title(),
                details.titleManuallySet(),
                isBasic ? null : details.description(),
                isBasic ? beginning(details.description()) : null,
                details.originProduct(),
                details.repository().orElse(null),
                details.githubIntegration().orElse(null),
                details.githubUserIntegration().orElse(null),
                details.signalReport().orElse(null),
                details.jsonSchema().orElse(null),
                details.internal(),
                found.latestRun().map(this::view).orElse(null),
                task.createdAt(),
                task.updatedAt(),
                task.createdBy()
                        .flatMap(id -> directory.findUser(project, id))
                        .map(JsonWireFormat::view)
                        .orElse(null),
                details.ciPrompt().orElse(null),
                details.archivedAt().isPresent(),
                details.archivedAt().orElse(null),
                lastActivityAt(found),
                details.repositories(),
                details.runtime());
    }

    private static String beginning(String description) {
        int length = description.codePointCount(0, description.length());
        return description.substring(
                0, description.offsetByCodePoints(0, Math.min(length, PREVIEW_LENGTH)));
    }

    private static Instant lastActivityAt(TaskWithLatestRun found) {
        return found.latestRun().map(Run::updatedAt).orElse(found.task().createdAt());
    }

    private static TaskSummaryView summary(TaskWithLatestRun found) {
        Task task = found.task();
        return new TaskSummaryView(
                task.id().value(),
                task.details().title(),
                task.details().repository().orElse(null),
                task.createdAt(),
                task.updatedAt(),
                found.latestRun()
                        .map(run -> new RunSummaryView(run.status(), run.environment()))
                        .orElse(null),
                task.details().originProduct());
    }

    private RunView view(Run run) {
        RunState.RuntimeView shown = RunState.runtimeViewOf(run.state());
        return new RunView(
                run.id().value(),
                run.task().value(),
                run.stage().orElse(null),
                run.branch().orElse(null),
                run.status(),
                run.environment(),
                shown.adapter().orElse(null),
                shown.provider().orElse(null),
                shown.model().orElse(null),
                shown.effort().orElse(null),
                links.logUrl(run).orElse(null),
                run.errorMessage().orElse(null),
                run.output().orElse(null),
                visible(run.state()),
                views(run.artifacts(), JsonWireFormat::view),
                run.createdAt(),
                run.updatedAt(),
                run.completedAt().orElse(null));
    }

    /**
     * Returns the state without what would let a reader control the sandbox
     * (docs/wire/guarantees.md#j12).
     */
    private static JsonText visible(JsonText state) {
        for (String hidden : HIDDEN_STATE) {
            if (state.text().contains(hidden)) {
                return JsonObject.tryParse(state)
                        .orElseGet(JsonObject::empty)
                        .without(HIDDEN_STATE)
                        .toJson();
            }
        }
        return state;
    }

    private static UserView view(User user) {
        return new UserView(
                user.id().value(),
                user.uuid(),
                user.distinctId().orElse(null),
                user.firstName(),
                user.lastName(),
                user.email(),
                user.emailVerified().orElse(null),
                user.hedgehogConfig().orElse(null),
                user.role().orElse(null));
    }

    private static ArtifactView view(Artifact artifact) {
        return new ArtifactView(
                artifact.id().value(),
                artifact.name(),
                artifact.type(),
                artifact.source(),
                artifact.sizeInBytes(),
                artifact.contentType(),
                artifact.storagePath(),
                artifact.uploadedAt(),
                artifact.metadata().orElse(null));
    }

    private static PreparedUploadView view(PreparedUpload upload) {
        return new PreparedUploadView(
                upload.id().value(),
                upload.name(),
                upload.type(),
                upload.source(),
                upload.sizeInBytes(),
                upload.contentType(),
                upload.storagePath(),
                upload.expiresIn().toSeconds(),
                new FormView(upload.form().url(), upload.form().fields()),
                upload.metadata().orElse(null));
    }

    private <T, V> byte[] writePage(
            Page<T> page, Optional<String> next, Optional<String> previous, Function<T, V> view) {
        return write(
                writers.any,
                new PageView<>(
                        page.total(),
                        next.orElse(null),
                        previous.orElse(null),
                        views(page.items(), view)));
    }

    private static <T, V> List<V> views(List<T> items, Function<T, V> view) {
        return items.isEmpty() ? List.of() : items.stream().map(view).toList();
    }

    /** Returns a part of a request as it is stored and returned. */
    public static JsonText toJson(Record part) {
        byte[] json = write(Objects.requireNonNull(WRITERS.get(ApiProfile.V2026_09)).any, part);
        return new JsonText(new String(json, StandardCharsets.UTF_8));
    }

    private static byte[] write(ObjectWriter writer, Object view) {
        try {
            return writer.writeValueAsBytes(view);
        } catch (JsonProcessingException notWritable) {
            throw new IllegalStateException("cannot write " + view.getClass(), notWritable);
        }
    }
}
