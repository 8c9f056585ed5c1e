package dev.errand.tck.engine;

import static dev.errand.tck.engine.WireJson.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.ProjectApi;
import dev.errand.artifact.FinalizeUploads;
import dev.errand.artifact.PrepareUploads;
import dev.errand.json.RequestReader;
import dev.errand.run.AppendLog;
import dev.errand.run.CreateRun;
import dev.errand.run.RunTask;
import dev.errand.run.SetOutput;
import dev.errand.run.StartRun;
import dev.errand.run.UpdateRun;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTask;
import dev.errand.task.UpdateTask;
import java.util.Optional;

/**
 * One caller in one project who speaks JSON: bodies in, answers out, as a host that serves the wire
 * does it.
 */
final class Wire {

    private final ProjectApi api;

    Wire(ProjectApi api) {
        this.api = api;
    }

    /** Reads a body, or refuses it. */
    static <R extends Record> R body(Class<R> request, String body) {
        return RequestReader.of(request).read(body);
    }

    JsonNode createTask(String body) {
        return json(api.wire().task(api.tasks().create(body(CreateTask.class, body))));
    }

    JsonNode getTask(TaskId task) {
        return json(api.wire().task(api.tasks().get(task)));
    }

    JsonNode listTasks(TaskFilter filter, PageRequest page) {
        return json(
                api.wire()
                        .tasks(api.tasks().list(filter, page), Optional.empty(), Optional.empty()));
    }

    JsonNode updateTask(TaskId task, String body) {
        return json(api.wire().task(api.tasks().update(task, body(UpdateTask.class, body))));
    }

    JsonNode runTask(TaskId task, String body) {
        return json(api.wire().task(api.runs().run(task, body(RunTask.class, body))));
    }

    JsonNode createRun(TaskId task, String body) {
        return json(api.wire().run(api.runs().create(task, body(CreateRun.class, body))));
    }

    JsonNode listRuns(TaskId task, PageRequest page) {
        return json(
                api.wire().runs(api.runs().list(task, page), Optional.empty(), Optional.empty()));
    }

    JsonNode getRun(TaskId task, RunId run) {
        return json(api.wire().run(api.runs().get(task, run)));
    }

    JsonNode updateRun(TaskId task, RunId run, String body) {
        return json(api.wire().run(api.runs().update(task, run, body(UpdateRun.class, body))));
    }

    JsonNode startRun(TaskId task, RunId run, String body) {
        return json(api.wire().task(api.runs().start(task, run, body(StartRun.class, body))));
    }

    JsonNode setOutput(TaskId task, RunId run, String body) {
        return json(api.wire().run(api.runs().setOutput(task, run, body(SetOutput.class, body))));
    }

    JsonNode appendLog(TaskId task, RunId run, String body) {
        return json(api.wire().run(api.runs().appendLog(task, run, body(AppendLog.class, body))));
    }

    JsonNode prepareUpload(TaskId task, String body) {
        return json(
                api.wire()
                        .preparedUploads(
                                api.stagedArtifacts()
                                        .prepareUpload(task, body(PrepareUploads.class, body))));
    }

    JsonNode finalizeUpload(TaskId task, String body) {
        return json(
                api.wire()
                        .artifacts(
                                api.stagedArtifacts()
                                        .finalizeUpload(task, body(FinalizeUploads.class, body))));
    }

    /** The id in a task's answer. */
    static TaskId taskId(JsonNode task) {
        return TaskId.parse(task.get("id").textValue()).orElseThrow();
    }

    /** The id in a run's answer. */
    static RunId runId(JsonNode run) {
        return RunId.parse(run.get("id").textValue()).orElseThrow();
    }

    /** The id of a task's latest run in the task's answer. */
    static RunId latestRunId(JsonNode task) {
        return runId(task.get("latest_run"));
    }
}
