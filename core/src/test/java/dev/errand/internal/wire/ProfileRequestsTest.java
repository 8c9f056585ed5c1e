package dev.errand.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.InvalidRequestException;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.profile.ApiProfile;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What requests may contain in each profile (docs/wire/compatibility.md#l0). The other tests of
 * this package use the profile {@code 2026-05}.
 */
class ProfileRequestsTest {

    /** A member of a request, a value, and the result in each profile. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            maxCharsPerColumn = 10_000,
            textBlock =
                    """
                    RUN_TASK     | run_source              | "agent"       | invalid_choice: "agent" is not a valid choice.     | ok
                    CREATE_RUN   | run_source              | "agent"       | invalid_choice: "agent" is not a valid choice.     | ok
                    RUN_TASK     | reasoning_effort        | "ultracode"   | invalid_choice: "ultracode" is not a valid choice. | ok
                    RUN_TASK     | reasoning_effort        | "off"         | invalid_choice: "off" is not a valid choice.       | invalid_choice: "off" is not a valid choice.
                    RUN_TASK     | reasoning_effort        | "minimal"     | invalid_choice: "minimal" is not a valid choice.   | invalid_choice: "minimal" is not a valid choice.
                    CREATE_RUN   | reasoning_effort        | "off"         | invalid_choice: "off" is not a valid choice.       | ok
                    CREATE_RUN   | reasoning_effort        | "minimal"     | invalid_choice: "minimal" is not a valid choice.   | ok
                    CREATE_TASK  | origin_product          | "loop"        | invalid_choice: "loop" is not a valid choice.      | invalid_input: Requires origin_product signal_report when set.
                    UPDATE_TASK  | origin_product          | "loop"        | invalid_choice: "loop" is not a valid choice.      | invalid_input: Requires origin_product signal_report when set.
                    CREATE_TASK  | origin_product          | "workflow"    | invalid_choice: "workflow" is not a valid choice.  | invalid_input: origin_product 'workflow' is reserved for server-created tasks
                    CREATE_TASK  | signal_report_task_relationship | " fix-1_a " | invalid_choice: " fix-1_a " is not a valid choice. | ok
                    CREATE_TASK  | signal_report_task_relationship | "scout"     | invalid_choice: "scout" is not a valid choice.     | invalid_input: Relationship 'scout' is reserved for server-created tasks.
                    CREATE_TASK  | signal_report_task_relationship | "_a"        | invalid_choice: "_a" is not a valid choice.        | invalid_input: Must contain only lowercase letters, numbers, underscores, or hyphens, and start with a lowercase letter or number.
                    CREATE_TASK  | signal_report_task_relationship | 7           | invalid_choice: "7" is not a valid choice.         | invalid_input: Not a valid string.
                    UPLOAD_REQUEST   | type                | "skill_bundle" | invalid_choice: "skill_bundle" is not a valid choice. | invalid_input: Skill bundle artifacts require metadata
                    FINALIZE_REQUEST | type                | "skill_bundle" | invalid_choice: "skill_bundle" is not a valid choice. | invalid_input: Skill bundle artifacts require metadata
                    INLINE_UPLOAD    | type                | "skill_bundle" | invalid_choice: "skill_bundle" is not a valid choice. | invalid_input: Skill bundle artifacts require metadata
                    RUN_TASK     | custom_image_id         | null          | ok | null: This field may not be null.
                    RUN_TASK     | custom_image_id         | "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10" | ok | ok
                    RUN_TASK     | auto_publish            | null          | ok | ok
                    RUN_TASK     | auto_publish            | "maybe"       | ok | invalid_input: Must be a valid boolean.
                    RUN_TASK     | context_window          | "1m"          | ok | ok
                    RUN_TASK     | context_window          | "2m"          | ok | invalid_choice: "2m" is not a valid choice.
                    RUN_TASK     | fast_mode               | null          | ok | ok
                    CREATE_RUN   | rtk_enabled             | null          | ok | ok
                    CREATE_RUN   | context_window          | null          | ok | null: This field may not be null.
                    START_RUN    | context_window          | 1             | ok | ok
                    UPDATE_RUN   | state_append            | {"k": 1}      | ok | ok
                    UPDATE_RUN   | state_append            | [1]           | ok | not_a_dict: Expected a dictionary of items but got type "list".
                    CREATE_TASK  | start_run               | null          | ok | null: This field may not be null.
                    CREATE_TASK  | branch                  | null          | ok | ok
                    CREATE_TASK  | reasoning_effort        | "off"         | ok | invalid_choice: "off" is not a valid choice.
                    CREATE_TASK  | runtime_adapter         | "none"        | ok | invalid_choice: "none" is not a valid choice.
                    CREATE_TASK  | pending_user_artifact_ids | ["a"]       | ok | ok
                    UPLOAD_REQUEST   | metadata            | null           | ok | null: This field may not be null.
                    UPLOAD_REQUEST   | metadata            | {"skill_name": "a", "skill_source": "user", "content_sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "bundle_format": "zip", "schema_version": 1} | ok | ok
                    UPLOAD_REQUEST   | metadata            | {"skill_source": "user", "content_sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "bundle_format": "zip", "schema_version": 1} | ok | required: This field is required.
                    UPLOAD_REQUEST   | metadata            | {"skill_name": "a", "skill_source": "web", "content_sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "bundle_format": "zip", "schema_version": 1} | ok | invalid_choice: "web" is not a valid choice.
                    UPLOAD_REQUEST   | metadata            | {"skill_name": "a", "skill_source": "user", "content_sha256": "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", "bundle_format": "zip", "schema_version": 1} | ok | invalid_input: Must be 64 lowercase hexadecimal digits.
                    UPLOAD_REQUEST   | metadata            | {"skill_name": "a", "skill_source": "user", "content_sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "bundle_format": "tar", "schema_version": 1} | ok | invalid_choice: "tar" is not a valid choice.
                    UPLOAD_REQUEST   | metadata            | {"skill_name": "a", "skill_source": "user", "content_sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "bundle_format": "zip", "schema_version": 0} | ok | min_value: Ensure this value is greater than or equal to 1.
                    """)
    void aValueIsValidInTheProfilesThatHaveIt(
            Requests request, String member, String value, String may, String september) {
        ObjectNode body = request.body();
        body.set(member, Requests.tree(value));

        assertThat(result(ApiProfile.V2026_05, request, body)).isEqualTo(may);
        assertThat(result(ApiProfile.V2026_09, request, body)).isEqualTo(september);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock =
                    """
                    {"context_window": "1m"}                               | runtime_adapter, model
                    {"fast_mode": false}                                   | runtime_adapter, model
                    {"fast_mode": true, "model": "gpt-5.6"}                | runtime_adapter
                    {"fast_mode": null, "auto_publish": true}              |
                    {"fast_mode": true, "runtime_adapter": "codex", "model": "gpt-5.6"} |
                    """)
    void someSettingsRequireARuntimeSelection(String body, String missing) {
        for (Requests request : List.of(Requests.RUN_TASK, Requests.CREATE_RUN)) {
            InvalidRequestException invalid =
                    catchThrowableOfType(
                            InvalidRequestException.class,
                            () ->
                                    Requests.read(
                                            ApiProfile.V2026_09,
                                            request.type(),
                                            body.getBytes(StandardCharsets.UTF_8)));
            assertThat(
                            invalid == null
                                    ? null
                                    : invalid.violations().stream()
                                            .map(it -> it.attr().orElseThrow())
                                            .collect(Collectors.joining(", ")))
                    .isEqualTo(missing);
        }
    }

    @Test
    void aFirstRunHasNoStagedArtifacts() {
        ObjectNode body = Requests.MAPPER.createObjectNode().put("start_run", true);
        body.putArray("pending_user_artifact_ids").add("a");

        assertThat(result(ApiProfile.V2026_09, Requests.CREATE_TASK, body))
                .isEqualTo("invalid_input: Not supported when start_run is true.");
    }

    @TestFactory
    Stream<DynamicTest> membersOfLaterProfilesAreIgnored() {
        return Arrays.stream(Requests.values())
                .flatMap(
                        request ->
                                Arrays.stream(request.type().getRecordComponents())
                                        .filter(it -> it.getAnnotation(AddedIn.class) != null)
                                        .map(it -> ignored(request, it)));
    }

    private static DynamicTest ignored(Requests request, RecordComponent component) {
        String member = Violations.wireName(component.getName());
        ObjectNode body = request.body();
        body.set(member, Requests.tree("[[]]"));
        return DynamicTest.dynamicTest(
                request + " " + member,
                () -> {
                    assertThat(result(ApiProfile.V2026_05, request, body)).isEqualTo("ok");
                    assertThat(result(ApiProfile.V2026_09, request, body)).isNotEqualTo("ok");
                });
    }

    private static String result(ApiProfile profile, Requests request, JsonNode body) {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        InvalidRequestException invalid =
                catchThrowableOfType(
                        InvalidRequestException.class,
                        () -> Requests.read(profile, request.type(), bytes));
        return invalid == null
                ? "ok"
                : invalid.violations().get(0).code().wire()
                        + ": "
                        + invalid.violations().get(0).detail();
    }
}
