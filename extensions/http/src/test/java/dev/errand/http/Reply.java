package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A response, with assertions on it. */
record Reply(HttpResponse<byte[]> response) {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> ENVELOPE = Set.of("type", "code", "detail", "attr");
    private static final Set<String> ENVELOPE_MEMBERS =
            Set.of("type", "code", "detail", "attr", "error", "missing_artifact_ids");

    int status() {
        return response.statusCode();
    }

    byte[] bytes() {
        return response.body();
    }

    String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Returns the header with this name, or {@code ""} if it is absent. */
    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
        return json(text());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("not JSON: " + text, notJson);
        }
    }

    static List<String> members(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Asserts the status and a JSON body. */
    Reply isJson(int status) {
        assertThat(status()).as(text()).isEqualTo(status);
        assertThat(header("Content-Type")).isEqualTo("application/json");
        json();
        return this;
    }

    /** Asserts that this is an error envelope. */
    Reply isEnvelope() {
        assertThat(status()).as(text()).isBetween(400, 599);
        assertThat(header("Content-Type")).as(text()).isEqualTo("application/json");
        JsonNode body = json();
        assertThat(members(body)).containsAll(ENVELOPE).isSubsetOf(ENVELOPE_MEMBERS);
        assertThat(body.get("type").isTextual()).isTrue();
        assertThat(body.get("code").isTextual()).isTrue();
        assertThat(body.get("detail").isTextual()).isTrue();
        assertThat(text()).doesNotContain("Exception").doesNotContain("\\tat ");
        return this;
    }

    /** Asserts exactly this error (docs/wire/errors.md#c3). */
    Reply isError(int status, String type, String code, String detail, String attr) {
        return is(status, envelope(type, code, detail, attr));
    }

    /**
     * Asserts exactly this error, with the detail repeated as {@code error}
     * (docs/wire/errors.md#c5).
     */
    Reply isErrorWithErrorMember(int status, String type, String code, String detail, String attr) {
        return is(status, envelope(type, code, detail, attr).put("error", detail));
    }

    /** Asserts a validation error of one member. */
    Reply isInvalid(String code, String detail, String attr) {
        return isError(400, "validation_error", code, detail, attr);
    }

    /** Asserts that the object was not found. */
    Reply isNotFound() {
        return isError(404, "invalid_request", "not_found", "Not found.", null);
    }

    /** Asserts that the task of a run was not found. */
    Reply isTaskNotFound() {
        return isError(404, "invalid_request", "not_found", "Task not found", null);
    }

    /** Asserts that the caller lacks a scope. */
    Reply isMissingScope(String scope) {
        return isError(
                403,
                "authentication_error",
                "permission_denied",
                "API key missing required scope '" + scope + "'",
                null);
    }

    private Reply is(int status, ObjectNode body) {
        isEnvelope();
        assertThat(json()).isEqualTo(body);
        assertThat(status()).isEqualTo(status);
        return this;
    }

    private static ObjectNode envelope(String type, String code, String detail, String attr) {
        return JSON.createObjectNode()
                .put("type", type)
                .put("code", code)
                .put("detail", detail)
                .put("attr", attr);
    }
}
