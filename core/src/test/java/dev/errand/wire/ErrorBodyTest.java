package dev.errand.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.Violation;
import dev.errand.spi.PortException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The error envelope (docs/wire/errors.md#c3) and its additional members (docs/wire/errors.md#c5).
 */
class ErrorBodyTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    @Test
    void onlyTheFirstOfSeveralViolationsIsShown() throws IOException {
        InvalidRequestException refused =
                new InvalidRequestException(
                        List.of(
                                Violation.of(ErrorCode.REQUIRED, "artifacts"),
                                Violation.of(ErrorCode.BLANK, "branch")));
        assertThat(json(ErrorBody.of(refused)))
                .isEqualTo(
                        MAPPER.readTree(
                                """
                                {"type": "validation_error", "code": "required",
                                 "detail": "This field is required.", "attr": "artifacts"}
                                """));
    }

    @Test
    void theDetailIsRepeatedAsErrorIfAnOlderFormatHadThatMember() throws IOException {
        Violation violation =
                Violation.of(
                        ErrorCode.INVALID_STORAGE_PATH,
                        "artifacts__0__storage_path",
                        "Artifact storage path is invalid for this task");
        assertThat(json(new ErrorBody(violation)))
                .isEqualTo(
                        MAPPER.readTree(
                                """
                                {"type": "validation_error", "code": "invalid_storage_path",
                                 "detail": "Artifact storage path is invalid for this task",
                                 "attr": "artifacts__0__storage_path",
                                 "error": "Artifact storage path is invalid for this task"}
                                """));
    }

    @Test
    void missingArtifactsAreNamedInOrder() throws IOException {
        Violation violation =
                Violation.missingArtifacts(
                        "pending_user_artifact_ids",
                        "Some pending_user_artifact_ids are invalid or expired",
                        List.of("b", "a"));
        assertThat(json(new ErrorBody(violation)))
                .isEqualTo(
                        MAPPER.readTree(
                                """
                                {"type": "validation_error", "code": "missing_artifacts",
                                 "detail": "Some pending_user_artifact_ids are invalid or expired",
                                 "attr": "pending_user_artifact_ids", "missing_artifact_ids": ["b", "a"]}
                                """));
    }

    @Test
    void anAccessErrorNamesNoMember() throws IOException {
        ErrorBody body = ErrorBody.of(AccessDeniedException.missingScope("task:write"));
        assertThat(body.status()).isEqualTo(403);
        assertThat(json(body))
                .isEqualTo(
                        MAPPER.readTree(
                                """
                                {"type": "authentication_error", "code": "permission_denied",
                                 "detail": "API key missing required scope 'task:write'", "attr": null}
                                """));
        assertThat(json(ErrorBody.of(NotFoundException.taskNotFound())).get("detail").asText())
                .isEqualTo("Task not found");
    }

    @Test
    void aServerErrorRevealsNoDetails() throws IOException {
        ErrorBody body = ErrorBody.of(new IllegalStateException("password=secret"));
        assertThat(body.status()).isEqualTo(500);
        assertThat(json(body))
                .isEqualTo(
                        MAPPER.readTree(
                                """
                                {"type": "server_error", "code": "error",
                                 "detail": "A server error occurred.", "attr": null}
                                """));
    }

    @Test
    void aTemporaryFailureOfTheStorageRevealsNoDetails() throws IOException {
        ErrorBody body = ErrorBody.of(PortException.retryable("TaskStore", "host db1 is down"));
        assertThat(body.status()).isEqualTo(503);
        assertThat(json(body))
                .isEqualTo(
                        MAPPER.readTree(
                                """
                                {"type": "server_error", "code": "storage_unavailable",
                                 "detail": "The storage is temporarily unavailable. Try again later.",
                                 "error": "The storage is temporarily unavailable. Try again later.",
                                 "attr": null}
                                """));
        assertThat(ErrorBody.of(PortException.permanent("TaskStore", "corrupt row")).status())
                .isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource
    void everyBodyHasTheFourMembersOfTheEnvelope(ErrorCode code) throws IOException {
        List<String> names = new ArrayList<>();
        json(ErrorBody.of(code, code.detail())).fieldNames().forEachRemaining(names::add);
        List<String> expected = new ArrayList<>(List.of("type", "code", "detail", "attr"));
        if (code.repeatsDetail()) {
            expected.add("error");
        }
        assertThat(names).isEqualTo(expected);
        assertThat(ErrorBody.of(code, "x").status()).isEqualTo(code.status());
    }

    /** An error may contain a value that was truncated within a surrogate pair. */
    @Test
    void aBodyIsAlwaysValidUtf8() throws IOException {
        ErrorBody body =
                new ErrorBody(
                        Violation.of(
                                ErrorCode.INVALID_CHOICE,
                                "mode",
                                "\"cut \ud83d...\" is not a valid choice."));
        assertThat(json(body).get("detail").asText())
                .isEqualTo("\"cut \ufffd...\" is not a valid choice.");
    }

    private static JsonNode json(ErrorBody body) throws IOException {
        return MAPPER.readTree(body.toJson());
    }
}
