package dev.errand.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The enum contains exactly the rows of docs/wire/errors.md#c3, #c5. */
class ErrorCodeTest {

    // spotless:off
    /** The rows of docs/wire/errors.md#c3, and two errors that are documented outside of its table (see also docs/wire/idempotency-and-limits.md#j21). */
    private static final String C3 = """
            required               | 400 | validation_error     | This field is required.
            null                   | 400 | validation_error     | This field may not be null.
            blank                  | 400 | validation_error     | This field may not be blank.
            max_length             | 400 | validation_error     | -
            invalid_choice         | 400 | validation_error     | -
            min_value              | 400 | validation_error     | -
            max_value              | 400 | validation_error     | -
            invalid_input          | 400 | validation_error     | -
            not_a_list             | 400 | validation_error     | -
            not_a_dict             | 400 | validation_error     | -
            empty                  | 400 | validation_error     | This list may not be empty.
            does_not_exist         | 400 | validation_error     | -
            parse_error            | 400 | invalid_request      | -
            not_authenticated      | 401 | authentication_error | Authentication credentials were not provided.
            authentication_failed  | 401 | authentication_error | -
            permission_denied      | 403 | authentication_error | -
            not_found              | 404 | invalid_request      | Not found.
            method_not_allowed     | 405 | invalid_request      | -
            not_acceptable         | 406 | invalid_request      | Could not satisfy the request Accept header.
            request_timeout        | 408 | invalid_request      | The request body arrived too slowly.
            conflict               | 409 | invalid_request      | -
            request_too_large      | 413 | invalid_request      | -
            unsupported_media_type | 415 | invalid_request      | -
            too_many_requests      | 429 | invalid_request      | -
            error                  | 500 | server_error         | A server error occurred.
            overloaded             | 503 | server_error         | The server is busy. Try again later.
            """;

    /** The rows of docs/wire/errors.md#c5, and the errors of docs/wire/runs.md#i12, #l2, docs/wire/conversations.md#l4.2, docs/wire/tasks.md#l9. The type depends on the status. */
    private static final String C5 = """
            invalid_resume_run            | 400 | no             | Invalid resume_from_run_id
            invalid_sandbox_environment   | 400 | no             | Invalid sandbox_environment_id
            invalid_custom_image          | 400 | no             | Invalid custom_image_id
            github_authorization_required | 400 | no             | -
            missing_artifacts             | 400 | no             | Some pending_user_artifact_ids are invalid or expired
            invalid_storage_path          | 400 | yes            | Artifact storage path is invalid for this task
            upload_not_found              | 400 | yes            | Artifact upload not found in object storage
            upload_metadata_unavailable   | 400 | yes            | Artifact upload metadata is unavailable
            artifact_too_large            | 400 | yes (finalize) | -
            storage_unavailable           | 503 | yes            | Unable to generate upload URL
            not_startable                 | 400 | yes            | Only cloud runs can be started via this endpoint
            invalid_status_transition     | 400 | yes            | -
            already_active                | 400 | yes            | Run is already active in cloud
            dispatch_failed               | 502 | yes            | Failed to start cloud workflow
            output_invalid                | 400 | yes            | -
            no_sandbox                    | 400 | yes            | No active sandbox for this task run
            invalid_sandbox_url           | 400 | yes            | Invalid sandbox URL
            agent_error                   | 502 | yes            | -
            agent_unreachable             | 502 | yes            | Agent server is not reachable
            agent_timeout                 | 504 | yes            | Agent server request timed out
            command_failed                | 502 | yes            | Failed to send command to agent server
            idempotency_conflict          | 400 | no             | Idempotency-Key was already used with a different request
            relay_unavailable             | 503 | yes            | Failed to queue Slack relay
            not_cancellable               | 400 | yes            | Only cloud runs can be cancelled via this endpoint
            unavailable                   | 503 | yes            | Could not reach the run's workflow; try again
            session_conflict              | 409 | yes            | The task session content is stale
            task_usage_upstream_unavailable | 502 | no           | Task usage is temporarily unavailable.
            """;
    // spotless:on

    private record Row(String code, int status, String type, boolean error, String detail) {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        C3.lines()
                .map(line -> line.split("\\s*\\|\\s*"))
                .forEach(
                        cells ->
                                rows.add(
                                        new Row(
                                                cells[0],
                                                Integer.parseInt(cells[1]),
                                                cells[2],
                                                false,
                                                cells[3])));
        C5.lines()
                .map(line -> line.split("\\s*\\|\\s*"))
                .forEach(
                        cells ->
                                rows.add(
                                        new Row(
                                                cells[0],
                                                Integer.parseInt(cells[1]),
                                                type(Integer.parseInt(cells[1])),
                                                cells[2].startsWith("yes"),
                                                cells[3])));
        return rows;
    }

    /** Returns the type of a status (docs/wire/errors.md#c5). */
    private static String type(int status) {
        if (status >= 500) {
            return "server_error";
        }
        return status == 400 ? "validation_error" : "invalid_request";
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowHasACode(Row row) {
        ErrorCode code =
                Arrays.stream(ErrorCode.values())
                        .filter(one -> one.wire().equals(row.code()))
                        .findFirst()
                        .orElseThrow();
        assertThat(code.status()).isEqualTo(row.status());
        assertThat(code.type().wire()).isEqualTo(row.type());
        assertThat(code.repeatsDetail()).isEqualTo(row.error());
        if (!row.detail().equals("-")) {
            assertThat(code.detail()).isEqualTo(row.detail());
        }
    }

    @Test
    void everyCodeHasARowInTheSameOrder() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::wire))
                .containsExactlyElementsOf(rows().stream().map(Row::code).toList())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeHasATextAndIsNamedAfterItsWireValue(ErrorCode code) {
        assertThat(code.detail()).isNotBlank();
        assertThat(code.name().toLowerCase(Locale.ROOT)).isEqualTo(code.wire());
    }
}
