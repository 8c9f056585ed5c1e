package dev.errand.http;

import static dev.errand.error.ErrorCode.AGENT_ERROR;
import static dev.errand.error.ErrorCode.AGENT_TIMEOUT;
import static dev.errand.error.ErrorCode.AGENT_UNREACHABLE;
import static dev.errand.error.ErrorCode.ALREADY_ACTIVE;
import static dev.errand.error.ErrorCode.ARTIFACT_TOO_LARGE;
import static dev.errand.error.ErrorCode.COMMAND_FAILED;
import static dev.errand.error.ErrorCode.GITHUB_AUTHORIZATION_REQUIRED;
import static dev.errand.error.ErrorCode.INVALID_CUSTOM_IMAGE;
import static dev.errand.error.ErrorCode.INVALID_RESUME_RUN;
import static dev.errand.error.ErrorCode.INVALID_SANDBOX_ENVIRONMENT;
import static dev.errand.error.ErrorCode.INVALID_SANDBOX_URL;
import static dev.errand.error.ErrorCode.INVALID_STATUS_TRANSITION;
import static dev.errand.error.ErrorCode.INVALID_STORAGE_PATH;
import static dev.errand.error.ErrorCode.MISSING_ARTIFACTS;
import static dev.errand.error.ErrorCode.NOT_ACCEPTABLE;
import static dev.errand.error.ErrorCode.NOT_CANCELLABLE;
import static dev.errand.error.ErrorCode.NOT_STARTABLE;
import static dev.errand.error.ErrorCode.NO_SANDBOX;
import static dev.errand.error.ErrorCode.OUTPUT_INVALID;
import static dev.errand.error.ErrorCode.RELAY_UNAVAILABLE;
import static dev.errand.error.ErrorCode.SESSION_CONFLICT;
import static dev.errand.error.ErrorCode.TASK_USAGE_UPSTREAM_UNAVAILABLE;
import static dev.errand.error.ErrorCode.UNAVAILABLE;
import static dev.errand.error.ErrorCode.UPLOAD_METADATA_UNAVAILABLE;
import static dev.errand.error.ErrorCode.UPLOAD_NOT_FOUND;
import static dev.errand.http.Routes.RUN;
import static dev.errand.http.Routes.RUNS;
import static dev.errand.http.Routes.TASK;
import static dev.errand.http.Routes.TASKS;

import dev.errand.artifact.ArtifactReadRequest;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.UploadArtifactsRequest;
import dev.errand.http.OperationDescription.QueryParameter;
import dev.errand.internal.wire.Views.ArtifactsView;
import dev.errand.internal.wire.Views.ConnectionTokenView;
import dev.errand.internal.wire.Views.ConversationView;
import dev.errand.internal.wire.Views.LinkView;
import dev.errand.internal.wire.Views.ModelsView;
import dev.errand.internal.wire.Views.PageView;
import dev.errand.internal.wire.Views.PreparedUploadsView;
import dev.errand.internal.wire.Views.RelayView;
import dev.errand.internal.wire.Views.ReplacedConversationView;
import dev.errand.internal.wire.Views.RepositoriesView;
import dev.errand.internal.wire.Views.RunView;
import dev.errand.internal.wire.Views.TaskSummaryView;
import dev.errand.internal.wire.Views.TaskView;
import dev.errand.internal.wire.Views.UsageView;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CancelRunRequest;
import dev.errand.run.CommandRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RelayMessageRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.SummarizeTasksRequest;
import dev.errand.task.UpdateTaskRequest;
import java.util.List;

/**
 * The description of each operation in {@link Routes}, for the OpenAPI document
 * (docs/wire/README.md#d, #i, docs/wire/errors.md#c5). A route without a description fails a test.
 */
final class OperationDescriptions {

    private static final String INTEGER = "{\"type\": \"integer\", \"minimum\": %d}";
    private static final String TEXT = "{\"type\": \"string\"}";

    private static final List<QueryParameter> PAGE =
            List.of(
                    new QueryParameter("limit", INTEGER.formatted(1), "The size of the page."),
                    new QueryParameter(
                            "offset", INTEGER.formatted(0), "The number of items to skip."));

    private static final List<QueryParameter> TASK_FILTERS =
            List.of(
                    new QueryParameter(
                            "created_by",
                            "{\"type\": \"integer\", \"format\": \"int64\"}",
                            "The id of the user who created the task."),
                    new QueryParameter(
                            "internal",
                            "{\"type\": \"boolean\", \"default\": false}",
                            "Internal tasks, in place of the others."),
                    new QueryParameter("organization", TEXT, "The owner of the repository."),
                    new QueryParameter("origin_product", TEXT, "Where the task came from."),
                    new QueryParameter("repository", TEXT, "The repository, or only its name."),
                    new QueryParameter("search", TEXT, "A part of title or description."),
                    new QueryParameter("stage", TEXT, "The stage of a run of the task."),
                    new QueryParameter(
                            "status",
                            "{\"$ref\": \"#/components/schemas/RunStatusEnum\"}",
                            "The status of the latest run."));

    private static final List<QueryParameter> SESSION_LOG_FILTERS =
            List.of(
                    new QueryParameter(
                            "after",
                            "{\"type\": \"string\", \"format\": \"date-time\"}",
                            "Entries after this time."),
                    new QueryParameter("event_types", TEXT, "Types to include, with commas."),
                    new QueryParameter("exclude_types", TEXT, "Types to leave out, with commas."),
                    new QueryParameter(
                            "limit",
                            "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 5000,"
                                    + " \"default\": 1000}",
                            "The maximum number of entries."),
                    new QueryParameter(
                            "offset", INTEGER.formatted(0), "The number of entries to skip."));

    // spotless:off
    /** One description for each route, in the order of the table of routes. */
    static final List<OperationDescription> ALL = List.of(
        describe("POST",   TASKS + "summaries/",                 "summarize_tasks",         "Summaries of tasks")
            .takes(SummarizeTasksRequest.class).query(PAGE).answers(200, PageView.class, TaskSummaryView.class),
        describe("GET",    TASKS + "repositories/",              "list_repositories",       "Repositories of tasks")
            .answers(200, RepositoriesView.class),
        describe("GET",    TASKS + "models/",                    "list_models",             "Models of the host")
            .answers(200, ModelsView.class),
        describe("GET",    TASKS,                                "list_tasks",              "List tasks")
            .query(TASK_FILTERS).query(PAGE).answers(200, PageView.class, TaskView.class),
        describe("POST",   TASKS,                                "create_task",             "Create task")
            .takes(CreateTaskRequest.class).idempotent().answers(201, TaskView.class)
            .errors(INVALID_CUSTOM_IMAGE, INVALID_SANDBOX_ENVIRONMENT, GITHUB_AUTHORIZATION_REQUIRED),
        describe("GET",    TASK,                                 "retrieve_task",           "Retrieve task")
            .answers(200, TaskView.class),
        describe("PATCH",  TASK,                                 "update_task",             "Update task")
            .takes(UpdateTaskRequest.class).answers(200, TaskView.class),
        describe("DELETE", TASK,                                 "delete_task",             "Delete task")
            .answers(204),
        describe("POST",   TASK + "run/",                        "run_task",                "Run task")
            .takes(RunTaskRequest.class).idempotent().answers(200, TaskView.class)
            .errors(INVALID_CUSTOM_IMAGE, INVALID_RESUME_RUN, INVALID_SANDBOX_ENVIRONMENT, GITHUB_AUTHORIZATION_REQUIRED, MISSING_ARTIFACTS),
        describe("POST",   TASK + "staged_artifacts/prepare_upload/",  "prepare_staged_uploads",  "Prepare staged uploads")
            .takes(PrepareUploadsRequest.class).answers(200, PreparedUploadsView.class)
            .errors(ARTIFACT_TOO_LARGE),
        describe("POST",   TASK + "staged_artifacts/finalize_upload/", "finalize_staged_uploads", "Finalize staged uploads")
            .takes(FinalizeUploadsRequest.class).answers(200, ArtifactsView.class)
            .errors(INVALID_STORAGE_PATH, UPLOAD_NOT_FOUND, UPLOAD_METADATA_UNAVAILABLE, ARTIFACT_TOO_LARGE),
        describe("GET",    TASK + "usage/",                      "retrieve_task_usage",     "Cost of task")
            .answers(200, UsageView.class).errors(TASK_USAGE_UPSTREAM_UNAVAILABLE),
        describe("GET",    RUNS,                                 "list_runs",               "List runs")
            .query(PAGE).answers(200, PageView.class, RunView.class),
        describe("POST",   RUNS,                                 "create_run",              "Create run without starting")
            .takes(CreateRunRequest.class).idempotent().answers(201, RunView.class)
            .errors(INVALID_CUSTOM_IMAGE, INVALID_SANDBOX_ENVIRONMENT, GITHUB_AUTHORIZATION_REQUIRED),
        describe("GET",    RUN,                                  "retrieve_run",            "Retrieve run")
            .answers(200, RunView.class),
        describe("PATCH",  RUN,                                  "update_run",              "Update run")
            .takes(UpdateRunRequest.class).answers(200, RunView.class)
            .errors(INVALID_STATUS_TRANSITION),
        describe("POST",   RUN + "start/",                       "start_run",               "Start run")
            .takes(StartRunRequest.class).idempotent().answers(200, TaskView.class)
            .errors(NOT_STARTABLE, MISSING_ARTIFACTS, GITHUB_AUTHORIZATION_REQUIRED),
        describe("POST",   RUN + "resume_in_cloud/",             "resume_run_in_cloud",     "Resume in cloud")
            .answers(200, RunView.class)
            .errors(ALREADY_ACTIVE, GITHUB_AUTHORIZATION_REQUIRED),
        describe("POST",   RUN + "cancel/",                      "cancel_run",              "Cancel run")
            .takes(CancelRunRequest.class).answers(200, RunView.class).answers(202, RunView.class)
            .errors(NOT_CANCELLABLE, UNAVAILABLE),
        describe("GET",    RUN + "connection_token/",            "create_connection_token", "Token for the agent's server")
            .answers(200, ConnectionTokenView.class),
        describe("POST",   RUN + "command/",                     "send_command",            "Send command to agent")
            .takes(CommandRequest.class).answers(200, MediaTypes.JSON)
            .errors(NO_SANDBOX, INVALID_SANDBOX_URL, MISSING_ARTIFACTS, AGENT_ERROR, AGENT_UNREACHABLE, AGENT_TIMEOUT, COMMAND_FAILED),
        describe("PATCH",  RUN + "set_output/",                  "set_run_output",          "Set output of run")
            .takes(SetOutputRequest.class).answers(200, RunView.class)
            .errors(OUTPUT_INVALID),
        describe("POST",   RUN + "append_log/",                  "append_run_log",          "Append to log")
            .takes(AppendLogRequest.class).idempotent().answers(200, RunView.class).headers("Server-Timing"),
        describe("GET",    RUN + "logs/",                        "read_run_logs",           "Logs of run and the runs it resumes, one JSON object per line")
            .answers(200, MediaTypes.JSON_LINES).headers("Server-Timing"),
        describe("GET",    RUN + "session_logs/",                "list_run_session_logs",   "Filtered page of the log, a JSON list")
            .query(SESSION_LOG_FILTERS).answers(200, MediaTypes.JSON)
            .headers("X-Total-Count", "X-Matching-Count", "X-Filtered-Count", "X-Has-More", "Server-Timing"),
        describe("GET",    RUN + "stream/",                      "stream_run",              "Log and state of run as server-sent events")
            .answers(200, "text/event-stream").errors(NOT_ACCEPTABLE),
        describe("GET",    RUN + "task_session/",                "read_conversation",       "Read conversation")
            .answers(200, ConversationView.class),
        describe("POST",   RUN + "task_session_sync/",           "replace_conversation",    "Replace conversation")
            .answers(200, ReplacedConversationView.class).errors(SESSION_CONFLICT),
        describe("POST",   RUN + "relay_message/",               "relay_run_message",       "Relay message of agent")
            .takes(RelayMessageRequest.class).answers(200, RelayView.class)
            .errors(RELAY_UNAVAILABLE),
        describe("POST",   RUN + "artifacts/",                   "upload_run_artifacts",    "Inline upload of artifacts")
            .takes(UploadArtifactsRequest.class).answers(200, ArtifactsView.class)
            .errors(ARTIFACT_TOO_LARGE),
        describe("POST",   RUN + "artifacts/prepare_upload/",    "prepare_run_uploads",     "Prepare upload of artifacts")
            .takes(PrepareUploadsRequest.class).answers(200, PreparedUploadsView.class)
            .errors(ARTIFACT_TOO_LARGE),
        describe("POST",   RUN + "artifacts/finalize_upload/",   "finalize_run_uploads",    "Finalize upload of artifacts")
            .takes(FinalizeUploadsRequest.class).answers(200, ArtifactsView.class)
            .errors(INVALID_STORAGE_PATH, UPLOAD_NOT_FOUND, UPLOAD_METADATA_UNAVAILABLE, ARTIFACT_TOO_LARGE),
        describe("POST",   RUN + "artifacts/presign/",           "presign_run_artifact",    "Link to artifact")
            .takes(ArtifactReadRequest.class).answers(200, LinkView.class),
        describe("POST",   RUN + "artifacts/download/",          "download_run_artifact",   "Content of artifact")
            .takes(ArtifactReadRequest.class).answers(200, "*/*").headers("Content-Disposition"));
    // spotless:on

    private OperationDescriptions() {}

    private static OperationDescription describe(
            String method, String path, String id, String summary) {
        return new OperationDescription(method, path, id, summary);
    }
}
