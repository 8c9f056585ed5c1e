package dev.errand.server.hostile;

import java.util.List;

/**
 * A method and path of the server, with a valid body.
 *
 * @param path with {@code {task}} and {@code {run}} in place of ids
 * @param body empty if there is none
 */
record Route(String method, String path, String body) {

    private static final String TASKS = "/api/projects/1/tasks/";
    private static final String TASK = TASKS + "{task}/";
    private static final String RUN = TASK + "runs/{run}/";
    private static final String FILE = "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\"";
    private static final String UPLOAD = FILE + ", \"size\": 1}]}";
    private static final String UPLOADED =
            FILE + ", \"id\": \"9f86d081884c7d659a2feaa0c55ad015\", \"storage_path\": \"a/b\"}]}";
    private static final String INLINE = FILE + ", \"content\": \"b\"}]}";
    private static final String NAMED = "{\"storage_path\": \"a/b\"}";
    private static final String FORM =
            "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na\r\n--x\r\n"
                    + "Content-Disposition: form-data; name=\"file\"\r\n\r\nb\r\n--x--\r\n";

    // spotless:off
    /** Every route of the server except event streams, whose responses do not end. */
    static final List<Route> ALL = List.of(
            new Route("GET",    TASKS,                                      ""),
            new Route("POST",   TASKS,                                      "{\"title\": \"a\", \"description\": \"b\"}"),
            new Route("POST",   TASKS + "summaries/",                       "{\"ids\": [\"{task}\"]}"),
            new Route("GET",    TASKS + "repositories/",                    ""),
            new Route("GET",    TASKS + "models/",                          ""),
            new Route("GET",    "/api/schema/",                             ""),
            new Route("GET",    TASK,                                       ""),
            new Route("PATCH",  TASK,                                       "{\"title\": \"A\"}"),
            new Route("DELETE", TASK,                                       ""),
            new Route("GET",    TASK + "usage/",                            ""),
            new Route("POST",   TASK + "run/",                              "{\"branch\": \"main\"}"),
            new Route("POST",   TASK + "staged_artifacts/prepare_upload/",  UPLOAD),
            new Route("POST",   TASK + "staged_artifacts/finalize_upload/", UPLOADED),
            new Route("GET",    TASK + "runs/",                             ""),
            new Route("POST",   TASK + "runs/",                             "{\"branch\": \"main\"}"),
            new Route("GET",    RUN,                                        ""),
            new Route("PATCH",  RUN,                                        "{\"stage\": \"b\", \"state\": {\"a\": 1}}"),
            new Route("POST",   RUN + "start/",                             "{}"),
            new Route("POST",   RUN + "resume_in_cloud/",                   ""),
            new Route("GET",    RUN + "connection_token/",                  ""),
            new Route("POST",   RUN + "command/",                           "{\"jsonrpc\": \"2.0\", \"method\": \"cancel\"}"),
            new Route("POST",   RUN + "cancel/",                            "{\"reason\": \"a\"}"),
            new Route("PATCH",  RUN + "set_output/",                        "{\"output\": {\"a\": 1}}"),
            new Route("POST",   RUN + "append_log/",                        "{\"entries\": [{\"type\": \"a\"}]}"),
            new Route("GET",    RUN + "logs/",                              ""),
            new Route("GET",    RUN + "session_logs/",                      ""),
            new Route("GET",    RUN + "task_session/",                      ""),
            new Route("POST",   RUN + "task_session_sync/",                 ""),
            new Route("POST",   RUN + "relay_message/",                     "{\"text\": \"a\"}"),
            new Route("POST",   RUN + "artifacts/",                         INLINE),
            new Route("POST",   RUN + "artifacts/prepare_upload/",          UPLOAD),
            new Route("POST",   RUN + "artifacts/finalize_upload/",         UPLOADED),
            new Route("POST",   RUN + "artifacts/presign/",                 NAMED),
            new Route("POST",   RUN + "artifacts/download/",                NAMED),
            new Route("POST",   "/_objects",                                FORM),
            new Route("GET",    "/_objects/a/b?expires=x&signature=y",      ""),
            new Route("GET",    "/_logs/1/{task}/{run}?expires=x&signature=y", ""),
            new Route("GET",    "/_describe/projects/1/tasks/{task}/runs/{run}", ""),
            new Route("GET",    "/_describe/projects/1/queue",              ""),
            new Route("GET",    "/_health",                                 ""),
            new Route("GET",    "/_ready",                                  ""),
            new Route("GET",    "/",                                        ""));
    // spotless:on

    /** Returns the media type of the body. */
    String contentType() {
        return path.equals("/_objects") ? "multipart/form-data; boundary=x" : "application/json";
    }
}
