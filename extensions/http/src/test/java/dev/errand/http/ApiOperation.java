package dev.errand.http;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;

/**
 * An operation of the API. The table is independent of the routes of the servlet
 * (docs/wire/authentication.md#c1).
 *
 * @param name the name used by tests
 * @param method the HTTP method
 * @param path the path for a given task and run
 * @param scope the required scope
 * @param body a valid body, or {@code ""} for an operation without a body
 */
record ApiOperation(String name, String method, String path, String scope, String body) {

    private static final String UPLOAD =
            "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\", \"size\": 1}]}";
    private static final String INLINE =
            "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\", \"content\": \"b\"}]}";
    private static final String NAMED = "{\"storage_path\": \"a/b\"}";
    private static final String UPLOADED =
            """
            {"artifacts": [{"id": "9f86d081884c7d659a2feaa0c55ad015", "name": "a",
              "type": "plan", "storage_path": "a/b"}]}""";

    /** Returns every operation for the given task and run. */
    static List<ApiOperation> all(String task, String run) {
        String tasks = Paths.TASKS;
        String one = Paths.task(task);
        String runs = Paths.runs(task);
        String ofRun = Paths.run(task, run);
        String staged = one + "staged_artifacts/";
        // spotless:off
        return List.of(
            new ApiOperation("list tasks",       "GET",    tasks,                       "task:read",  ""),
            new ApiOperation("create task",      "POST",   tasks,                       "task:write", "{}"),
            new ApiOperation("summarize tasks",  "POST",   tasks + "summaries/",      "task:read",  "{\"ids\": [\"" + task + "\"]}"),
            new ApiOperation("list repositories", "GET",   tasks + "repositories/",   "task:read",  ""),
            new ApiOperation("retrieve task",    "GET",    one,                         "task:read",  ""),
            new ApiOperation("update task",      "PATCH",  one,                         "task:write", "{\"title\": \"A\"}"),
            new ApiOperation("delete task",      "DELETE", one,                         "task:write", ""),
            new ApiOperation("run task",         "POST",   one + "run/",                "task:write", "{}"),
            new ApiOperation("prepare uploads",  "POST",   staged + "prepare_upload/",  "task:write", UPLOAD),
            new ApiOperation("finalize uploads", "POST",   staged + "finalize_upload/", "task:write", UPLOADED),
            new ApiOperation("list runs",        "GET",    runs,                        "task:read",  ""),
            new ApiOperation("create run",       "POST",   runs,                        "task:write", "{}"),
            new ApiOperation("retrieve run",     "GET",    ofRun,                       "task:read",  ""),
            new ApiOperation("update run",       "PATCH",  ofRun,                       "task:write", "{\"stage\": \"b\"}"),
            new ApiOperation("start run",        "POST",   ofRun + "start/",            "task:write", "{}"),
            new ApiOperation("restart run",      "POST",   ofRun + "resume_in_cloud/",  "task:write", ""),
            new ApiOperation("cancel run",       "POST",   ofRun + "cancel/",           "task:write", "{\"only_if_awaiting_first_message\": true}"),
            new ApiOperation("connection token", "GET",    ofRun + "connection_token/", "task:write", ""),
            new ApiOperation("command",          "POST",   ofRun + "command/",          "task:write", "{\"jsonrpc\": \"2.0\", \"method\": \"cancel\"}"),
            new ApiOperation("set output",       "PATCH",  ofRun + "set_output/",       "task:write", "{\"output\": 1}"),
            new ApiOperation("append log",       "POST",   ofRun + "append_log/",       "task:write", "{\"entries\": [{}]}"),
            new ApiOperation("logs",             "GET",    ofRun + "logs/",             "task:read",  ""),
            new ApiOperation("session logs",     "GET",    ofRun + "session_logs/",     "task:read",  ""),
            new ApiOperation("task session",     "GET",    ofRun + "task_session/",     "task:read",  ""),
            new ApiOperation("sync task session", "POST",  ofRun + "task_session_sync/", "task:write", ""),
            new ApiOperation("relay message",    "POST",   ofRun + "relay_message/",    "task:write", "{\"text\": \"a\"}"),
            new ApiOperation("upload artifacts", "POST",   ofRun + "artifacts/",        "task:write", INLINE),
            new ApiOperation("prepare to run",   "POST",   ofRun + "artifacts/prepare_upload/",  "task:write", UPLOAD),
            new ApiOperation("finalize to run",  "POST",   ofRun + "artifacts/finalize_upload/", "task:write", UPLOADED),
            new ApiOperation("presign artifact", "POST",   ofRun + "artifacts/presign/",         "task:read",  NAMED),
            new ApiOperation("download artifact", "POST",  ofRun + "artifacts/download/",        "task:read",  NAMED));
        // spotless:on
    }

    boolean hasBody() {
        return !body.isEmpty();
    }

    /**
     * Returns whether a response reports an unknown artifact, which means that the run was found.
     */
    static boolean lacksArtifact(Reply reply) {
        return reply.status() == 404 && reply.text().contains("Artifact not found on this run");
    }

    /** Returns the same operation in another project. */
    ApiOperation inProject(String project) {
        String elsewhere = path.replace("/projects/7/", "/projects/" + project + "/");
        return new ApiOperation(name, method, elsewhere, scope, body);
    }

    /** Sends a request, with the given body if the operation has one. */
    Reply send(Client client, String json, String contentType) {
        return client.send(
                method,
                path,
                hasBody() ? contentType : null,
                hasBody() ? BodyPublishers.ofString(json) : BodyPublishers.noBody());
    }

    @Override
    public String toString() {
        return name;
    }
}
