package dev.errand.http;

import static dev.errand.access.Scope.TASK_READ;
import static dev.errand.access.Scope.TASK_WRITE;
import static dev.errand.http.BodyKind.BYTES;
import static dev.errand.http.BodyKind.FILES;
import static dev.errand.http.BodyKind.JSON;
import static dev.errand.http.BodyKind.LOG;
import static dev.errand.http.BodyKind.NONE;

import dev.errand.access.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The table of operations: method, path, required scope, body (docs/wire/authentication.md#c1,
 * docs/wire/README.md#d, #i).
 */
final class Routes {

    /** The first segment of the API's paths. */
    static final String ROOT = "api";

    static final String TASKS = "/api/projects/{project}/tasks/";
    static final String TASK = TASKS + "{task}/";
    static final String RUNS = TASK + "runs/";
    static final String RUN = RUNS + "{run}/";

    // spotless:off
    /** The first row whose path matches is used. */
    private static final List<Row> TABLE = List.of(
        //  method    path                                           scope       body   operation
        row("POST",   TASKS + "summaries/",                          TASK_READ,  JSON,  TaskOperations::summaries),
        row("GET",    TASKS + "repositories/",                       TASK_READ,  NONE,  TaskOperations::repositories),
        row("GET",    TASKS + "models/",                             TASK_READ,  NONE,  TaskOperations::models),
        row("GET",    TASKS,                                         TASK_READ,  NONE,  TaskOperations::list),
        row("POST",   TASKS,                                         TASK_WRITE, JSON,  TaskOperations::create),
        row("GET",    TASK,                                          TASK_READ,  NONE,  TaskOperations::retrieve),
        row("PATCH",  TASK,                                          TASK_WRITE, JSON,  TaskOperations::update),
        row("DELETE", TASK,                                          TASK_WRITE, NONE,  TaskOperations::delete),
        row("POST",   TASK + "run/",                                 TASK_WRITE, JSON,  TaskOperations::run),
        row("POST",   TASK + "staged_artifacts/prepare_upload/",     TASK_WRITE, JSON,  StagedArtifactOperations::prepare),
        row("POST",   TASK + "staged_artifacts/finalize_upload/",    TASK_WRITE, JSON,  StagedArtifactOperations::finalizeUpload),
        row("GET",    TASK + "usage/",                               TASK_READ,  NONE,  TaskOperations::usage),
        row("GET",    RUNS,                                          TASK_READ,  NONE,  RunOperations::list),
        row("POST",   RUNS,                                          TASK_WRITE, JSON,  RunOperations::create),
        row("GET",    RUN,                                           TASK_READ,  NONE,  RunOperations::retrieve),
        row("PATCH",  RUN,                                           TASK_WRITE, JSON,  RunOperations::update),
        row("POST",   RUN + "start/",                                TASK_WRITE, JSON,  RunOperations::start),
        row("POST",   RUN + "resume_in_cloud/",                      TASK_WRITE, NONE,  RunOperations::resumeInCloud),
        row("POST",   RUN + "cancel/",                               TASK_WRITE, JSON,  RunOperations::cancel),
        row("GET",    RUN + "connection_token/",                     TASK_WRITE, NONE,  RunOperations::connectionToken),
        row("POST",   RUN + "command/",                              TASK_WRITE, JSON,  RunOperations::command),
        row("PATCH",  RUN + "set_output/",                           TASK_WRITE, JSON,  RunOperations::setOutput),
        row("POST",   RUN + "append_log/",                           TASK_WRITE, LOG,   LogOperations::append),
        row("GET",    RUN + "logs/",                                 TASK_READ,  NONE,  LogOperations::logs),
        row("GET",    RUN + "session_logs/",                         TASK_READ,  NONE,  LogOperations::sessionLogs),
        row("GET",    RUN + "stream/",                               TASK_READ,  NONE,  StreamOperations::stream),
        row("GET",    RUN + "task_session/",                         TASK_READ,  NONE,  ConversationOperations::retrieve),
        row("POST",   RUN + "task_session_sync/",                    TASK_WRITE, BYTES, ConversationOperations::replace),
        row("POST",   RUN + "relay_message/",                        TASK_WRITE, JSON,  RunOperations::relayMessage),
        row("POST",   RUN + "artifacts/",                            TASK_WRITE, FILES, RunArtifactOperations::upload),
        row("POST",   RUN + "artifacts/prepare_upload/",             TASK_WRITE, JSON,  RunArtifactOperations::prepare),
        row("POST",   RUN + "artifacts/finalize_upload/",            TASK_WRITE, JSON,  RunArtifactOperations::finalizeUpload),
        row("POST",   RUN + "artifacts/presign/",                    TASK_READ,  JSON,  RunArtifactOperations::presign),
        row("POST",   RUN + "artifacts/download/",                   TASK_READ,  JSON,  RunArtifactOperations::download));
    // spotless:on

    private static final List<Route> ROUTES = routes();

    private Routes() {}

    /** Returns all routes, in the order of the table. */
    static List<Route> all() {
        return ROUTES;
    }

    /** Finds the route of a path. */
    static Optional<Match> find(List<String> path) {
        for (Route route : ROUTES) {
            Optional<Map<String, String>> variables = route.pattern().match(path);
            if (variables.isPresent()) {
                return Optional.of(new Match(route, variables.get()));
            }
        }
        return Optional.empty();
    }

    /** A route that matches a path, with the values of its variable segments. */
    record Match(Route route, Map<String, String> variables) {
        /** Returns the value of a variable segment that the route has. */
        String variable(String name) {
            return Objects.requireNonNull(variables.get(name), name);
        }
    }

    private record Row(
            String method, String path, Scope scope, BodyKind body, Operation operation) {}

    private static Row row(
            String method, String path, Scope scope, BodyKind body, Operation operation) {
        return new Row(method, path, scope, body, operation);
    }

    private static List<Route> routes() {
        Map<String, Map<String, Route.Method>> byPath = new LinkedHashMap<>();
        for (Row row : TABLE) {
            Map<String, Route.Method> methods =
                    byPath.computeIfAbsent(row.path, path -> new LinkedHashMap<>());
            methods.put(row.method, new Route.Method(row.scope, row.body, row.operation));
        }
        List<Route> routes = new ArrayList<>();
        byPath.forEach((path, methods) -> routes.add(new Route(PathPattern.of(path), methods)));
        return List.copyOf(routes);
    }
}
