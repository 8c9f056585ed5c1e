package dev.errand.testing.engine;

import static dev.errand.testing.engine.WireJson.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.ProjectClient;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.internal.wire.RequestBinder;
import dev.errand.internal.wire.RequestValidator;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.UpdateTaskRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A JSON client of one caller in one project. It binds request bodies and writes responses as an
 * HTTP host does.
 */
final class WireClient {

    private static final RequestBinder BINDER =
            new RequestBinder(new RequestValidator(RequestValidator.defaultValidator()));

    private final ProjectClient api;

    WireClient(ProjectClient api) {
        this.api = api;
    }

    /** Binds a body; the operation it is passed to validates it. */
    static <R extends Record> R body(Class<R> request, String body) {
        return BINDER.read(request, body.getBytes(StandardCharsets.UTF_8));
    }

    JsonNode createTask(String body) {
        return json(api.wire().writeTask(api.tasks().create(body(CreateTaskRequest.class, body))));
    }

    JsonNode getTask(TaskId task) {
        return json(api.wire().writeTask(api.tasks().get(task)));
    }

    JsonNode listTasks(TaskFilter filter, PageRequest page) {
        return json(
                api.wire()
                        .writeTasks(
                                api.tasks().list(filter, page),
                                Optional.empty(),
                                Optional.empty()));
    }

    JsonNode updateTask(TaskId task, String body) {
        return json(
                api.wire()
                        .writeTask(api.tasks().update(task, body(UpdateTaskRequest.class, body))));
    }

    JsonNode runTask(TaskId task, String body) {
        return json(api.wire().writeTask(api.runs().run(task, body(RunTaskRequest.class, body))));
    }

    JsonNode createRun(TaskId task, String body) {
        return json(
                api.wire().writeRun(api.runs().create(task, body(CreateRunRequest.class, body))));
    }

    JsonNode listRuns(TaskId task, PageRequest page) {
        return json(
                api.wire()
                        .writeRuns(
                                api.runs().list(task, page), Optional.empty(), Optional.empty()));
    }

    JsonNode getRun(TaskId task, RunId run) {
        return json(api.wire().writeRun(api.runs().get(task, run)));
    }

    JsonNode updateRun(TaskId task, RunId run, String body) {
        return json(
                api.wire()
                        .writeRun(
                                api.runs().update(task, run, body(UpdateRunRequest.class, body))));
    }

    JsonNode startRun(TaskId task, RunId run, String body) {
        return json(
                api.wire()
                        .writeTask(api.runs().start(task, run, body(StartRunRequest.class, body))));
    }

    JsonNode setOutput(TaskId task, RunId run, String body) {
        return json(
                api.wire()
                        .writeRun(
                                api.runs()
                                        .setOutput(task, run, body(SetOutputRequest.class, body))));
    }

    JsonNode appendLog(TaskId task, RunId run, String body) {
        return json(
                api.wire()
                        .writeRun(
                                api.runs()
                                        .appendLog(task, run, body(AppendLogRequest.class, body))));
    }

    JsonNode prepareUpload(TaskId task, String body) {
        return json(
                api.wire()
                        .writePreparedUploads(
                                api.stagedArtifacts()
                                        .prepareUpload(
                                                task, body(PrepareUploadsRequest.class, body))));
    }

    JsonNode finalizeUpload(TaskId task, String body) {
        return json(
                api.wire()
                        .writeArtifacts(
                                api.stagedArtifacts()
                                        .finalizeUpload(
                                                task, body(FinalizeUploadsRequest.class, body))));
    }

    /** Returns the id of a task from its JSON. */
    static TaskId taskId(JsonNode task) {
        return TaskId.parse(task.get("id").textValue()).orElseThrow();
    }

    /** Returns the id of a run from its JSON. */
    static RunId runId(JsonNode run) {
        return RunId.parse(run.get("id").textValue()).orElseThrow();
    }

    /** Returns the id of the latest run from the JSON of a task. */
    static RunId latestRunId(JsonNode task) {
        return runId(task.get("latest_run"));
    }
}
