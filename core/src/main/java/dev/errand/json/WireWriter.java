package dev.errand.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.errand.artifact.ArtifactLink;
import dev.errand.artifact.PreparedUpload;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.rules.RunState;
import dev.errand.internal.rules.Slugs;
import dev.errand.run.RelayResult;
import dev.errand.run.StateKey;
import dev.errand.spi.JsonText;
import dev.errand.spi.Page;
import dev.errand.spi.ProjectId;
import dev.errand.spi.WireValue;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.User;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskWithLatestRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes tasks, runs and artifacts of one project as the wire has them (contract A), in UTF-8.
 * Immutable, thread-safe.
 *
 * <p>What only the host knows, the project's name and its users, is looked up as it stands now.
 */
public final class WireWriter {

    private static final Set<String> HIDDEN_STATE = Set.of(StateKey.SANDBOX_CONNECT_TOKEN.wire());

    private final Engine engine;
    private final ProjectId project;

    /** Made by {@link dev.errand.ProjectClient}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public WireWriter(Engine engine, ProjectId project) {
        this.engine = engine;
        this.project = project;
    }

    /** A task with its latest run (contract A2). */
    public byte[] task(TaskWithLatestRun task) {
        String projectName = projectName();
        return write(out -> writeTask(out, projectName, task));
    }

    /**
     * A page of tasks (contract D0).
     *
     * @param next the address of the next page
     * @param previous the address of the page before
     */
    public byte[] tasks(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous) {
        String projectName = projectName();
        return page(page, next, previous, (out, task) -> writeTask(out, projectName, task));
    }

    /**
     * A page of what lists show of tasks (contract I14).
     *
     * @param next the address of the next page
     * @param previous the address of the page before
     */
    public byte[] summaries(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous) {
        return page(page, next, previous, WireWriter::writeSummary);
    }

    /** Repositories (contract I15). */
    public byte[] repositories(List<String> repositories) {
        return write(
                out -> {
                    out.writeStartObject();
                    writeList(
                            out,
                            Names.REPOSITORIES,
                            repositories,
                            (list, repository) -> list.writeString(repository));
                    out.writeEndObject();
                });
    }

    /** A run (contract A3). */
    public byte[] run(Run run) {
        return write(out -> writeRun(out, run));
    }

    /**
     * A page of runs (contract D0).
     *
     * @param next the address of the next page
     * @param previous the address of the page before
     */
    public byte[] runs(Page<Run> page, Optional<String> next, Optional<String> previous) {
        return page(page, next, previous, this::writeRun);
    }

    /** Artifacts as finalize and upload answer them (contract D8, I6). */
    public byte[] artifacts(List<Artifact> artifacts) {
        return write(
                out -> {
                    out.writeStartObject();
                    writeList(out, Names.ARTIFACTS, artifacts, WireWriter::writeArtifact);
                    out.writeEndObject();
                });
    }

    /** Reserved keys with their forms (contract D7). */
    public byte[] preparedUploads(List<PreparedUpload> uploads) {
        return write(
                out -> {
                    out.writeStartObject();
                    writeList(out, Names.ARTIFACTS, uploads, WireWriter::writePrepared);
                    out.writeEndObject();
                });
    }

    /** What became of a message (contract I12). */
    public byte[] relayed(RelayResult relayed) {
        return write(
                out -> {
                    out.writeStartObject();
                    text(out, Names.STATUS, relayed.status().wire());
                    if (relayed.relayId().isPresent()) {
                        text(out, Names.RELAY_ID, relayed.relayId());
                    }
                    out.writeEndObject();
                });
    }

    /** A link to an artifact (contract I6). */
    public byte[] link(ArtifactLink link) {
        return write(
                out -> {
                    out.writeStartObject();
                    text(out, Names.URL, link.url().toString());
                    number(out, Names.EXPIRES_IN, link.expiresIn().toSeconds());
                    out.writeEndObject();
                });
    }

    private String projectName() {
        return engine.directory().findProject(project).map(Project::name).orElse("");
    }

    private void writeTask(JsonGenerator out, String projectName, TaskWithLatestRun found)
            throws IOException {
        Task task = found.task();
        TaskDetails details = task.details();
        out.writeStartObject();
        text(out, Names.ID, task.id().toString());
        number(out, Names.TASK_NUMBER, task.number());
        text(out, Names.SLUG, Slugs.slug(projectName, task.number()));
        text(out, Names.TITLE, details.title());
        flag(out, Names.TITLE_MANUALLY_SET, details.titleManuallySet());
        text(out, Names.DESCRIPTION, details.description());
        text(out, Names.ORIGIN_PRODUCT, details.originProduct().wire());
        text(out, Names.REPOSITORY, details.repository());
        out.writeFieldName(Names.GITHUB_INTEGRATION);
        if (details.githubIntegration().isPresent()) {
            out.writeNumber(details.githubIntegration().get());
        } else {
            out.writeNull();
        }
        text(out, Names.GITHUB_USER_INTEGRATION, details.githubUserIntegration());
        text(out, Names.SIGNAL_REPORT, details.signalReport());
        json(out, Names.JSON_SCHEMA, details.jsonSchema());
        flag(out, Names.INTERNAL, details.internal());
        out.writeFieldName(Names.LATEST_RUN);
        if (found.latestRun().isPresent()) {
            writeRun(out, found.latestRun().get());
        } else {
            out.writeNull();
        }
        time(out, Names.CREATED_AT, task.createdAt());
        time(out, Names.UPDATED_AT, task.updatedAt());
        out.writeFieldName(Names.CREATED_BY);
        Optional<User> creator =
                task.createdBy().flatMap(id -> engine.directory().findUser(project, id));
        if (creator.isPresent()) {
            writeUser(out, creator.get());
        } else {
            out.writeNull();
        }
        text(out, Names.CI_PROMPT, details.ciPrompt());
        out.writeEndObject();
    }

    private static void writeSummary(JsonGenerator out, TaskWithLatestRun found)
            throws IOException {
        Task task = found.task();
        out.writeStartObject();
        text(out, Names.ID, task.id().toString());
        text(out, Names.TITLE, task.details().title());
        text(out, Names.REPOSITORY, task.details().repository());
        time(out, Names.CREATED_AT, task.createdAt());
        time(out, Names.UPDATED_AT, task.updatedAt());
        out.writeFieldName(Names.LATEST_RUN);
        if (found.latestRun().isPresent()) {
            Run run = found.latestRun().get();
            out.writeStartObject();
            text(out, Names.STATUS, run.status().wire());
            text(out, Names.ENVIRONMENT, run.environment().wire());
            out.writeEndObject();
        } else {
            out.writeNull();
        }
        out.writeEndObject();
    }

    private void writeRun(JsonGenerator out, Run run) throws IOException {
        Utf8Text state = Utf8Text.of(run.state());
        RunState.Shown shown = RunState.shownOf(state.bytes());
        out.writeStartObject();
        text(out, Names.ID, run.id().toString());
        text(out, Names.TASK, run.task().toString());
        text(out, Names.STAGE, run.stage());
        text(out, Names.BRANCH, run.branch());
        text(out, Names.STATUS, run.status().wire());
        text(out, Names.ENVIRONMENT, run.environment().wire());
        wire(out, Names.RUNTIME_ADAPTER, shown.adapter());
        wire(out, Names.PROVIDER, shown.provider());
        text(out, Names.MODEL, shown.model());
        wire(out, Names.REASONING_EFFORT, shown.effort());
        text(out, Names.LOG_URL, engine.links().logUrl(run));
        text(out, Names.ERROR_MESSAGE, run.errorMessage());
        json(out, Names.OUTPUT, run.output());
        out.writeFieldName(Names.STATE);
        out.writeRawValue(mayHide(run.state()) ? withoutHidden(run.state()) : state);
        writeList(out, Names.ARTIFACTS, run.artifacts(), WireWriter::writeArtifact);
        time(out, Names.CREATED_AT, run.createdAt());
        time(out, Names.UPDATED_AT, run.updatedAt());
        out.writeFieldName(Names.COMPLETED_AT);
        if (run.completedAt().isPresent()) {
            out.writeString(WireTime.format(run.completedAt().get()));
        } else {
            out.writeNull();
        }
        out.writeEndObject();
    }

    /** The state without what would let a reader steer the sandbox (contract J12). */
    private static Utf8Text withoutHidden(JsonText state) {
        return Utf8Text.of(
                JsonObject.tryParse(state)
                        .orElseGet(JsonObject::empty)
                        .without(HIDDEN_STATE)
                        .toJson());
    }

    private static boolean mayHide(JsonText state) {
        for (String key : HIDDEN_STATE) {
            if (state.text().contains(key)) {
                return true;
            }
        }
        return false;
    }

    private static void writeUser(JsonGenerator out, User user) throws IOException {
        out.writeStartObject();
        number(out, Names.ID, user.id().value());
        text(out, Names.UUID, user.uuid().toString());
        text(out, Names.DISTINCT_ID, user.distinctId());
        text(out, Names.FIRST_NAME, user.firstName());
        text(out, Names.LAST_NAME, user.lastName());
        text(out, Names.EMAIL, user.email());
        out.writeFieldName(Names.IS_EMAIL_VERIFIED);
        if (user.emailVerified().isPresent()) {
            out.writeBoolean(user.emailVerified().get());
        } else {
            out.writeNull();
        }
        json(out, Names.HEDGEHOG_CONFIG, user.hedgehogConfig());
        wire(out, Names.ROLE_AT_ORGANIZATION, user.role());
        out.writeEndObject();
    }

    private static void writeArtifact(JsonGenerator out, Artifact artifact) throws IOException {
        out.writeStartObject();
        text(out, Names.ID, artifact.id().value());
        text(out, Names.NAME, artifact.name());
        text(out, Names.TYPE, artifact.type().wire());
        text(out, Names.SOURCE, artifact.source());
        number(out, Names.SIZE, artifact.sizeInBytes());
        text(out, Names.CONTENT_TYPE, artifact.contentType());
        text(out, Names.STORAGE_PATH, artifact.storagePath());
        time(out, Names.UPLOADED_AT, artifact.uploadedAt());
        out.writeEndObject();
    }

    private static void writePrepared(JsonGenerator out, PreparedUpload upload) throws IOException {
        out.writeStartObject();
        text(out, Names.ID, upload.id().value());
        text(out, Names.NAME, upload.name());
        text(out, Names.TYPE, upload.type().wire());
        text(out, Names.SOURCE, upload.source());
        number(out, Names.SIZE, upload.sizeInBytes());
        text(out, Names.CONTENT_TYPE, upload.contentType());
        text(out, Names.STORAGE_PATH, upload.storagePath());
        number(out, Names.EXPIRES_IN, upload.expiresIn().toSeconds());
        out.writeFieldName(Names.PRESIGNED_POST);
        out.writeStartObject();
        text(out, Names.URL, upload.form().url().toString());
        out.writeFieldName(Names.FIELDS);
        out.writeStartObject();
        for (Map.Entry<String, String> field : upload.form().fields().entrySet()) {
            out.writeStringField(field.getKey(), field.getValue());
        }
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
    }

    private static <T> byte[] page(
            Page<T> page, Optional<String> next, Optional<String> previous, ItemWriter<T> item) {
        return write(
                out -> {
                    out.writeStartObject();
                    number(out, Names.COUNT, page.total());
                    text(out, Names.NEXT, next);
                    text(out, Names.PREVIOUS, previous);
                    writeList(out, Names.RESULTS, page.items(), item);
                    out.writeEndObject();
                });
    }

    private static <T> void writeList(
            JsonGenerator out, SerializableString name, List<T> items, ItemWriter<T> writer)
            throws IOException {
        out.writeFieldName(name);
        out.writeStartArray();
        for (T item : items) {
            writer.write(out, item);
        }
        out.writeEndArray();
    }

    private static void text(JsonGenerator out, SerializableString name, String value)
            throws IOException {
        out.writeFieldName(name);
        out.writeString(value);
    }

    private static void text(JsonGenerator out, SerializableString name, Optional<?> value)
            throws IOException {
        out.writeFieldName(name);
        if (value.isPresent()) {
            out.writeString(value.get().toString());
        } else {
            out.writeNull();
        }
    }

    private static void wire(
            JsonGenerator out, SerializableString name, Optional<? extends WireValue> value)
            throws IOException {
        text(out, name, value.map(WireValue::wire));
    }

    private static void json(JsonGenerator out, SerializableString name, Optional<JsonText> value)
            throws IOException {
        out.writeFieldName(name);
        if (value.isPresent()) {
            out.writeRawValue(Utf8Text.of(value.get()));
        } else {
            out.writeNull();
        }
    }

    private static void number(JsonGenerator out, SerializableString name, long value)
            throws IOException {
        out.writeFieldName(name);
        out.writeNumber(value);
    }

    private static void flag(JsonGenerator out, SerializableString name, boolean value)
            throws IOException {
        out.writeFieldName(name);
        out.writeBoolean(value);
    }

    private static void time(JsonGenerator out, SerializableString name, Instant value)
            throws IOException {
        text(out, name, WireTime.format(value));
    }

    private static byte[] write(ObjectWriter writer) {
        ByteArrayBuilder bytes = new ByteArrayBuilder(Json.FACTORY._getBufferRecycler());
        try (JsonGenerator out = Json.FACTORY.createGenerator(bytes)) {
            writer.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.getClearAndRelease();
    }

    @FunctionalInterface
    private interface ObjectWriter {
        void write(JsonGenerator out) throws IOException;
    }

    @FunctionalInterface
    private interface ItemWriter<T> {
        void write(JsonGenerator out, T item) throws IOException;
    }

    /** The wire's member names, quoted and encoded once. */
    private static final class Names {
        private static final SerializableString ARTIFACTS = new SerializedString("artifacts");
        private static final SerializableString BRANCH = new SerializedString("branch");
        private static final SerializableString CI_PROMPT = new SerializedString("ci_prompt");
        private static final SerializableString COMPLETED_AT = new SerializedString("completed_at");
        private static final SerializableString CONTENT_TYPE = new SerializedString("content_type");
        private static final SerializableString COUNT = new SerializedString("count");
        private static final SerializableString CREATED_AT = new SerializedString("created_at");
        private static final SerializableString CREATED_BY = new SerializedString("created_by");
        private static final SerializableString DESCRIPTION = new SerializedString("description");
        private static final SerializableString DISTINCT_ID = new SerializedString("distinct_id");
        private static final SerializableString EMAIL = new SerializedString("email");
        private static final SerializableString ENVIRONMENT = new SerializedString("environment");
        private static final SerializableString ERROR_MESSAGE =
                new SerializedString("error_message");
        private static final SerializableString EXPIRES_IN = new SerializedString("expires_in");
        private static final SerializableString FIELDS = new SerializedString("fields");
        private static final SerializableString FIRST_NAME = new SerializedString("first_name");
        private static final SerializableString GITHUB_INTEGRATION =
                new SerializedString("github_integration");
        private static final SerializableString GITHUB_USER_INTEGRATION =
                new SerializedString("github_user_integration");
        private static final SerializableString HEDGEHOG_CONFIG =
                new SerializedString("hedgehog_config");
        private static final SerializableString ID = new SerializedString("id");
        private static final SerializableString INTERNAL = new SerializedString("internal");
        private static final SerializableString IS_EMAIL_VERIFIED =
                new SerializedString("is_email_verified");
        private static final SerializableString JSON_SCHEMA = new SerializedString("json_schema");
        private static final SerializableString LAST_NAME = new SerializedString("last_name");
        private static final SerializableString LATEST_RUN = new SerializedString("latest_run");
        private static final SerializableString LOG_URL = new SerializedString("log_url");
        private static final SerializableString MODEL = new SerializedString("model");
        private static final SerializableString NAME = new SerializedString("name");
        private static final SerializableString NEXT = new SerializedString("next");
        private static final SerializableString ORIGIN_PRODUCT =
                new SerializedString("origin_product");
        private static final SerializableString OUTPUT = new SerializedString("output");
        private static final SerializableString PRESIGNED_POST =
                new SerializedString("presigned_post");
        private static final SerializableString PREVIOUS = new SerializedString("previous");
        private static final SerializableString PROVIDER = new SerializedString("provider");
        private static final SerializableString REASONING_EFFORT =
                new SerializedString("reasoning_effort");
        private static final SerializableString RELAY_ID = new SerializedString("relay_id");
        private static final SerializableString REPOSITORIES = new SerializedString("repositories");
        private static final SerializableString REPOSITORY = new SerializedString("repository");
        private static final SerializableString RESULTS = new SerializedString("results");
        private static final SerializableString ROLE_AT_ORGANIZATION =
                new SerializedString("role_at_organization");
        private static final SerializableString RUNTIME_ADAPTER =
                new SerializedString("runtime_adapter");
        private static final SerializableString SIGNAL_REPORT =
                new SerializedString("signal_report");
        private static final SerializableString SIZE = new SerializedString("size");
        private static final SerializableString SLUG = new SerializedString("slug");
        private static final SerializableString SOURCE = new SerializedString("source");
        private static final SerializableString STAGE = new SerializedString("stage");
        private static final SerializableString STATE = new SerializedString("state");
        private static final SerializableString STATUS = new SerializedString("status");
        private static final SerializableString STORAGE_PATH = new SerializedString("storage_path");
        private static final SerializableString TASK = new SerializedString("task");
        private static final SerializableString TASK_NUMBER = new SerializedString("task_number");
        private static final SerializableString TITLE = new SerializedString("title");
        private static final SerializableString TITLE_MANUALLY_SET =
                new SerializedString("title_manually_set");
        private static final SerializableString TYPE = new SerializedString("type");
        private static final SerializableString UPDATED_AT = new SerializedString("updated_at");
        private static final SerializableString UPLOADED_AT = new SerializedString("uploaded_at");
        private static final SerializableString URL = new SerializedString("url");
        private static final SerializableString UUID = new SerializedString("uuid");
    }
}
