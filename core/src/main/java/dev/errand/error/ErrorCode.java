package dev.errand.error;

import static dev.errand.error.ErrorCode.Type.AUTHENTICATION_ERROR;
import static dev.errand.error.ErrorCode.Type.INVALID_REQUEST;
import static dev.errand.error.ErrorCode.Type.SERVER_ERROR;
import static dev.errand.error.ErrorCode.Type.VALIDATION_ERROR;

/**
 * The error codes of the API, with the HTTP status, type and default text of each
 * (docs/wire/errors.md#c3, #c5, docs/wire/runs.md#i12, #l2, docs/wire/conversations.md#l4.2,
 * docs/wire/tasks.md#l9).
 *
 * <p>A {@link Violation} or an exception may have a more specific text than the default. An older
 * form of the API returned the text of some errors in a member {@code error}. Responses with a code
 * whose column {@code error} is {@code true} still contain it.
 */
public enum ErrorCode {
    // spotless:off
    //                             code                          status  type                  error  detail
    // docs/wire/errors.md#c3
    REQUIRED                      ("required",                      400, VALIDATION_ERROR,     false, "This field is required."),
    NULL                          ("null",                          400, VALIDATION_ERROR,     false, "This field may not be null."),
    BLANK                         ("blank",                         400, VALIDATION_ERROR,     false, "This field may not be blank."),
    MAX_LENGTH                    ("max_length",                    400, VALIDATION_ERROR,     false, "Ensure this field is not too long."),
    INVALID_CHOICE                ("invalid_choice",                400, VALIDATION_ERROR,     false, "Not a valid choice."),
    MIN_VALUE                     ("min_value",                     400, VALIDATION_ERROR,     false, "Ensure this value is large enough."),
    MAX_VALUE                     ("max_value",                     400, VALIDATION_ERROR,     false, "Ensure this value is small enough."),
    INVALID_INPUT                 ("invalid_input",                 400, VALIDATION_ERROR,     false, "Invalid input."),
    NOT_A_LIST                    ("not_a_list",                    400, VALIDATION_ERROR,     false, "Expected a list of items."),
    NOT_A_DICT                    ("not_a_dict",                    400, VALIDATION_ERROR,     false, "Expected a dictionary of items."),
    EMPTY                         ("empty",                         400, VALIDATION_ERROR,     false, "This list may not be empty."),
    DOES_NOT_EXIST                ("does_not_exist",                400, VALIDATION_ERROR,     false, "Invalid pk - object does not exist."),
    PARSE_ERROR                   ("parse_error",                   400, INVALID_REQUEST,      false, "JSON parse error"),
    NOT_AUTHENTICATED             ("not_authenticated",             401, AUTHENTICATION_ERROR, false, "Authentication credentials were not provided."),
    AUTHENTICATION_FAILED         ("authentication_failed",         401, AUTHENTICATION_ERROR, false, "Invalid token."),
    PERMISSION_DENIED             ("permission_denied",             403, AUTHENTICATION_ERROR, false, "You do not have permission to perform this action."),
    NOT_FOUND                     ("not_found",                     404, INVALID_REQUEST,      false, "Not found."),
    METHOD_NOT_ALLOWED            ("method_not_allowed",            405, INVALID_REQUEST,      false, "Method not allowed."),
    NOT_ACCEPTABLE                ("not_acceptable",                406, INVALID_REQUEST,      false, "Could not satisfy the request Accept header."),
    REQUEST_TIMEOUT               ("request_timeout",               408, INVALID_REQUEST,      false, "The request body arrived too slowly."),
    CONFLICT                      ("conflict",                      409, INVALID_REQUEST,      false, "The object changed too often meanwhile; try again."),
    REQUEST_TOO_LARGE             ("request_too_large",             413, INVALID_REQUEST,      false, "The request body is too large."),
    UNSUPPORTED_MEDIA_TYPE        ("unsupported_media_type",        415, INVALID_REQUEST,      false, "Unsupported media type in request."),
    TOO_MANY_REQUESTS             ("too_many_requests",             429, INVALID_REQUEST,      false, "Too many requests at the same time. Try again later."),
    ERROR                         ("error",                         500, SERVER_ERROR,         false, "A server error occurred."),
    OVERLOADED                    ("overloaded",                    503, SERVER_ERROR,         false, "The server is busy. Try again later."),
    // docs/wire/errors.md#c5
    INVALID_RESUME_RUN            ("invalid_resume_run",            400, VALIDATION_ERROR,     false, "Invalid resume_from_run_id"),
    INVALID_SANDBOX_ENVIRONMENT   ("invalid_sandbox_environment",   400, VALIDATION_ERROR,     false, "Invalid sandbox_environment_id"),
    INVALID_CUSTOM_IMAGE          ("invalid_custom_image",          400, VALIDATION_ERROR,     false, "Invalid custom_image_id"),
    GITHUB_AUTHORIZATION_REQUIRED ("github_authorization_required", 400, VALIDATION_ERROR,     false, "github_user_token is required for user-authored cloud runs"),
    MISSING_ARTIFACTS             ("missing_artifacts",             400, VALIDATION_ERROR,     false, "Some pending_user_artifact_ids are invalid or expired"),
    INVALID_STORAGE_PATH          ("invalid_storage_path",          400, VALIDATION_ERROR,     true,  "Artifact storage path is invalid for this task"),
    UPLOAD_NOT_FOUND              ("upload_not_found",              400, VALIDATION_ERROR,     true,  "Artifact upload not found in object storage"),
    UPLOAD_METADATA_UNAVAILABLE   ("upload_metadata_unavailable",   400, VALIDATION_ERROR,     true,  "Artifact upload metadata is unavailable"),
    ARTIFACT_TOO_LARGE            ("artifact_too_large",            400, VALIDATION_ERROR,     true,  "The artifact exceeds the attachment limit"),
    STORAGE_UNAVAILABLE           ("storage_unavailable",           503, SERVER_ERROR,         true,  "Unable to generate upload URL"),
    NOT_STARTABLE                 ("not_startable",                 400, VALIDATION_ERROR,     true,  "Only cloud runs can be started via this endpoint"),
    INVALID_STATUS_TRANSITION     ("invalid_status_transition",     400, VALIDATION_ERROR,     true,  "The status cannot be changed like this"),
    ALREADY_ACTIVE                ("already_active",                400, VALIDATION_ERROR,     true,  "Run is already active in cloud"),
    DISPATCH_FAILED               ("dispatch_failed",               502, SERVER_ERROR,         true,  "Failed to start cloud workflow"),
    OUTPUT_INVALID                ("output_invalid",                400, VALIDATION_ERROR,     true,  "Output validation error"),
    NO_SANDBOX                    ("no_sandbox",                    400, VALIDATION_ERROR,     true,  "No active sandbox for this task run"),
    INVALID_SANDBOX_URL           ("invalid_sandbox_url",           400, VALIDATION_ERROR,     true,  "Invalid sandbox URL"),
    // docs/wire/runs.md#i11
    AGENT_ERROR                   ("agent_error",                   502, SERVER_ERROR,         true,  "Agent server rejected the command"),
    AGENT_UNREACHABLE             ("agent_unreachable",             502, SERVER_ERROR,         true,  "Agent server is not reachable"),
    AGENT_TIMEOUT                 ("agent_timeout",                 504, SERVER_ERROR,         true,  "Agent server request timed out"),
    COMMAND_FAILED                ("command_failed",                502, SERVER_ERROR,         true,  "Failed to send command to agent server"),
    IDEMPOTENCY_CONFLICT          ("idempotency_conflict",          400, VALIDATION_ERROR,     false, "Idempotency-Key was already used with a different request"),
    // docs/wire/runs.md#i12
    RELAY_UNAVAILABLE             ("relay_unavailable",             503, SERVER_ERROR,         true,  "Failed to queue Slack relay"),
    // docs/wire/runs.md#l2
    NOT_CANCELLABLE               ("not_cancellable",               400, VALIDATION_ERROR,     true,  "Only cloud runs can be cancelled via this endpoint"),
    UNAVAILABLE                   ("unavailable",                   503, SERVER_ERROR,         true,  "Could not reach the run's workflow; try again"),
    // docs/wire/conversations.md#l4.2
    SESSION_CONFLICT              ("session_conflict",              409, INVALID_REQUEST,      true,  "The task session content is stale"),
    // docs/wire/tasks.md#l9
    TASK_USAGE_UPSTREAM_UNAVAILABLE("task_usage_upstream_unavailable", 502, SERVER_ERROR,       false, "Task usage is temporarily unavailable.");
    // spotless:on

    private final String wire;
    private final int status;
    private final Type type;
    private final boolean repeatsDetail;
    private final String detail;

    ErrorCode(String wire, int status, Type type, boolean repeatsDetail, String detail) {
        this.wire = wire;
        this.status = status;
        this.type = type;
        this.repeatsDetail = repeatsDetail;
        this.detail = detail;
    }

    /** Returns the member {@code code} of the response. */
    public String wire() {
        return wire;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the member {@code type} of the response. */
    public Type type() {
        return type;
    }

    /** Returns the default text. */
    public String detail() {
        return detail;
    }

    /**
     * Returns whether the response also contains the text as member {@code error}
     * (docs/wire/errors.md#c5).
     */
    public boolean repeatsDetail() {
        return repeatsDetail;
    }

    /**
     * The types of errors, which group the {@linkplain ErrorCode codes} (docs/wire/errors.md#c3).
     */
    public enum Type {
        /** The input is not valid. */
        VALIDATION_ERROR("validation_error"),
        /**
         * The request could not be processed: not readable, not found, wrong method or media type,
         * too large, or in conflict with other changes.
         */
        INVALID_REQUEST("invalid_request"),
        /** The caller is unknown or not allowed to make the request. */
        AUTHENTICATION_ERROR("authentication_error"),
        /** The server, or a system that it depends on, failed. */
        SERVER_ERROR("server_error");

        private final String wire;

        Type(String wire) {
            this.wire = wire;
        }

        /** Returns the member {@code type} of the response. */
        public String wire() {
            return wire;
        }
    }
}
