package dev.errand.http;

import static dev.errand.access.Scope.TASK_READ;
import static dev.errand.access.Scope.TASK_WRITE;

import dev.errand.access.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Every operation of the API: its method, its path, the scope it needs (contract C1, D, I). */
final class Routes {

    /** The first segment of the API's paths. */
    static final String ROOT = "api";

    private static final String TASKS = "/api/projects/{project}/tasks/";
    private static final String TASK = TASKS + "{task}/";
    private static final String RUNS = TASK + "runs/";
    private static final String RUN = RUNS + "{run}/";

    // spotless:off
    /** The first row that fits a path is the one that counts. */
    private static final List<Row> TABLE = List.of(
        //  method    path                                           scope       operation
        row("POST",   TASKS + "summaries/",                          TASK_READ,  TaskOperations::summaries),
        row("GET",    TASKS + "repositories/",                       TASK_READ,  TaskOperations::repositories),
        row("GET",    TASKS,                                         TASK_READ,  TaskOperations::list),
        row("POST",   TASKS,                                         TASK_WRITE, TaskOperations::create),
        row("GET",    TASK,                                          TASK_READ,  TaskOperations::retrieve),
        row("PATCH",  TASK,                                          TASK_WRITE, TaskOperations::update),
        row("DELETE", TASK,                                          TASK_WRITE, TaskOperations::delete),
        row("POST",   TASK + "run/",                                 TASK_WRITE, TaskOperations::run),
        row("POST",   TASK + "staged_artifacts/prepare_upload/",     TASK_WRITE, UploadOperations::prepare),
        row("POST",   TASK + "staged_artifacts/finalize_upload/",    TASK_WRITE, UploadOperations::complete),
        row("GET",    RUNS,                                          TASK_READ,  RunOperations::list),
        row("POST",   RUNS,                                          TASK_WRITE, RunOperations::create),
        row("GET",    RUN,                                           TASK_READ,  RunOperations::retrieve),
        row("PATCH",  RUN,                                           TASK_WRITE, RunOperations::update),
        row("POST",   RUN + "start/",                                TASK_WRITE, RunOperations::start),
        row("PATCH",  RUN + "set_output/",                           TASK_WRITE, RunOperations::setOutput),
        row("POST",   RUN + "append_log/",                           TASK_WRITE, LogOperations::append),
        row("GET",    RUN + "logs/",                                 TASK_READ,  LogOperations::logs),
        row("GET",    RUN + "session_logs/",                         TASK_READ,  LogOperations::sessionLogs),
        row("POST",   RUN + "relay_message/",                        TASK_WRITE, RunOperations::relayMessage),
        row("POST",   RUN + "artifacts/",                            TASK_WRITE, ArtifactOperations::upload),
        row("POST",   RUN + "artifacts/prepare_upload/",             TASK_WRITE, ArtifactOperations::prepare),
        row("POST",   RUN + "artifacts/finalize_upload/",            TASK_WRITE, ArtifactOperations::complete),
        row("POST",   RUN + "artifacts/presign/",                    TASK_READ,  ArtifactOperations::presign),
        row("POST",   RUN + "artifacts/download/",                   TASK_READ,  ArtifactOperations::download));
    // spotless:on

    private static final List<Resource> RESOURCES = resources();

    private Routes() {}

    /** What stands at a path; empty if nothing does. */
    static Optional<Match> find(List<String> path) {
        for (Resource resource : RESOURCES) {
            Optional<Map<String, String>> variables = resource.pattern().match(path);
            if (variables.isPresent()) {
                return Optional.of(new Match(resource, variables.get()));
            }
        }
        return Optional.empty();
    }

    /** A path that was found, and what stands in its varying segments. */
    record Match(Resource resource, Map<String, String> variables) {
        /** Returns the value of a variable that the pattern of the resource has. */
        String variable(String name) {
            return Objects.requireNonNull(variables.get(name), name);
        }
    }

    private record Row(String method, String path, Scope scope, Operation operation) {}

    private static Row row(String method, String path, Scope scope, Operation operation) {
        return new Row(method, path, scope, operation);
    }

    private static List<Resource> resources() {
        Map<String, Map<String, Resource.Method>> byPath = new LinkedHashMap<>();
        for (Row row : TABLE) {
            Map<String, Resource.Method> methods =
                    byPath.computeIfAbsent(row.path, path -> new LinkedHashMap<>());
            methods.put(row.method, new Resource.Method(row.scope, row.operation));
        }
        List<Resource> resources = new ArrayList<>();
        byPath.forEach(
                (path, methods) -> resources.add(new Resource(PathPattern.of(path), methods)));
        return List.copyOf(resources);
    }
}
