package dev.errand.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.ErrorCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The parts that operations of the OpenAPI document share (docs/wire/errors.md#c3). */
final class OpenApiComponents {

    /** The name of the security scheme. */
    static final String BEARER = "bearer";

    /** The name of the parameter of docs/wire/idempotency-and-limits.md#j29. */
    static final String IDEMPOTENCY_KEY = "idempotency_key";

    /** The errors of every operation. */
    static final Set<ErrorCode> COMMON_ERRORS =
            EnumSet.of(
                    ErrorCode.NOT_AUTHENTICATED,
                    ErrorCode.AUTHENTICATION_FAILED,
                    ErrorCode.PERMISSION_DENIED,
                    ErrorCode.NOT_FOUND,
                    ErrorCode.METHOD_NOT_ALLOWED,
                    ErrorCode.TOO_MANY_REQUESTS,
                    ErrorCode.ERROR,
                    ErrorCode.OVERLOADED,
                    ErrorCode.STORAGE_UNAVAILABLE);

    /** The errors of operations that read query parameters. */
    static final Set<ErrorCode> QUERY_ERRORS =
            EnumSet.of(
                    ErrorCode.INVALID_INPUT,
                    ErrorCode.INVALID_CHOICE,
                    ErrorCode.MIN_VALUE,
                    ErrorCode.MAX_VALUE);

    /** The errors of operations that read a JSON body. */
    static final Set<ErrorCode> BODY_ERRORS =
            EnumSet.of(
                    ErrorCode.REQUIRED,
                    ErrorCode.NULL,
                    ErrorCode.BLANK,
                    ErrorCode.MAX_LENGTH,
                    ErrorCode.INVALID_CHOICE,
                    ErrorCode.MIN_VALUE,
                    ErrorCode.MAX_VALUE,
                    ErrorCode.INVALID_INPUT,
                    ErrorCode.NOT_A_LIST,
                    ErrorCode.NOT_A_DICT,
                    ErrorCode.EMPTY,
                    ErrorCode.DOES_NOT_EXIST,
                    ErrorCode.PARSE_ERROR,
                    ErrorCode.REQUEST_TIMEOUT,
                    ErrorCode.REQUEST_TOO_LARGE,
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE);

    /** The errors of operations that read an idempotency key. */
    static final Set<ErrorCode> KEY_ERRORS =
            EnumSet.of(ErrorCode.INVALID_INPUT, ErrorCode.IDEMPOTENCY_CONFLICT);

    /** The errors, except those of status 400, that many operations have. */
    static final Map<Integer, Set<ErrorCode>> SHARED_ERRORS = sharedErrors();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String DESCRIPTION = "description";
    private static final String SCHEMA = "schema";
    private static final String TYPE = "type";
    private static final String REF = "$ref";

    // spotless:off
    private static final List<Header> HEADERS = List.of(
        new Header("Allow",               "string",  "The methods of the path."),
        new Header("Content-Disposition", "string",  "The name of the file."),
        new Header("Retry-After",         "integer", "Seconds to wait; absent if waiting does not help."),
        new Header("Server-Timing",       "string",  "How long reading or writing the log took."),
        new Header("WWW-Authenticate",    "string",  "The scheme Bearer."),
        new Header("X-Filtered-Count",    "integer", "The same as X-Matching-Count."),
        new Header("X-Has-More",          "boolean", "Whether matching entries follow the page."),
        new Header("X-Matching-Count",    "integer", "The number of entries that match the filters."),
        new Header("X-Request-Id",        "string",  "The id under which the server logged the failure."),
        new Header("X-Total-Count",       "integer", "The number of entries of the log."));

    private static final Map<Integer, List<String>> ERROR_HEADERS = Map.of(
        401, List.of("WWW-Authenticate"),
        405, List.of("Allow"),
        429, List.of("Retry-After"),
        500, List.of("X-Request-Id"),
        502, List.of("X-Request-Id"),
        503, List.of("Retry-After", "X-Request-Id"));
    // spotless:on

    private OpenApiComponents() {}

    private record Header(String name, String type, String description) {}

    private static Map<Integer, Set<ErrorCode>> sharedErrors() {
        Set<ErrorCode> codes = EnumSet.copyOf(COMMON_ERRORS);
        codes.addAll(BODY_ERRORS);
        codes.add(ErrorCode.CONFLICT);
        Map<Integer, Set<ErrorCode>> shared = byStatus(codes);
        shared.remove(400);
        return shared;
    }

    /** Groups error codes by HTTP status. */
    static Map<Integer, Set<ErrorCode>> byStatus(Set<ErrorCode> codes) {
        return codes.stream()
                .collect(
                        Collectors.groupingBy(
                                ErrorCode::status,
                                TreeMap::new,
                                Collectors.toCollection(() -> EnumSet.noneOf(ErrorCode.class))));
    }

    /** Returns new {@code components}. */
    static ObjectNode create() {
        ObjectNode components = NODES.objectNode();
        components.putObject("schemas").set("Error", error());
        ObjectNode headers = components.putObject("headers");
        for (Header header : HEADERS) {
            headers.putObject(header.name)
                    .put(DESCRIPTION, header.description)
                    .putObject(SCHEMA)
                    .put(TYPE, header.type);
        }
        ObjectNode parameters = components.putObject("parameters");
        parameter(parameters, "project_id", "path", "project_id", "The project, or `@current`.");
        parameter(parameters, "task_id", "path", "task_id", "The task.").put("format", "uuid");
        parameter(parameters, "run_id", "path", "run_id", "The run.").put("format", "uuid");
        parameter(
                        parameters,
                        IDEMPOTENCY_KEY,
                        "header",
                        "Idempotency-Key",
                        "Makes a repetition of the request return its first result.")
                .put("maxLength", 255);
        ObjectNode responses = components.putObject("responses");
        SHARED_ERRORS.forEach(
                (status, codes) -> responses.set("Error" + status, errorResponse(status, codes)));
        components
                .putObject("securitySchemes")
                .putObject(BEARER)
                .put(TYPE, "http")
                .put("scheme", "bearer");
        return components;
    }

    private static ObjectNode parameter(
            ObjectNode parameters, String key, String in, String name, String description) {
        ObjectNode parameter = parameters.putObject(key);
        parameter.put("name", name).put("in", in).put(DESCRIPTION, description);
        if (in.equals("path")) {
            parameter.put("required", true);
        }
        return parameter.putObject(SCHEMA).put(TYPE, "string");
    }

    /** Adds a reference to a header. */
    static void header(ObjectNode headers, String name) {
        headers.putObject(name).put(REF, "#/components/headers/" + name);
    }

    /** Returns an error response that names its codes. */
    static ObjectNode errorResponse(int status, Set<ErrorCode> codes) {
        String names =
                codes.stream()
                        .map(code -> '`' + code.wire() + '`')
                        .collect(Collectors.joining(", "));
        ObjectNode response = NODES.objectNode().put(DESCRIPTION, "Error with code " + names + ".");
        List<String> headerNames = ERROR_HEADERS.getOrDefault(status, List.of());
        if (!headerNames.isEmpty()) {
            ObjectNode headers = response.putObject("headers");
            headerNames.forEach(name -> header(headers, name));
        }
        response.putObject("content")
                .putObject(MediaTypes.JSON)
                .putObject(SCHEMA)
                .put(REF, "#/components/schemas/Error");
        ArrayNode list = response.putArray("x-error-codes");
        codes.forEach(code -> list.add(code.wire()));
        return response;
    }

    private static ObjectNode error() {
        ObjectNode error = NODES.objectNode().put(TYPE, "object");
        error.putArray("required").add(TYPE).add("code").add("detail").add("attr");
        ObjectNode members = error.putObject("properties");
        ArrayNode types = members.putObject(TYPE).put(TYPE, "string").putArray("enum");
        Arrays.stream(ErrorCode.Type.values()).forEach(type -> types.add(type.wire()));
        ArrayNode codes = members.putObject("code").put(TYPE, "string").putArray("enum");
        Arrays.stream(ErrorCode.values()).forEach(code -> codes.add(code.wire()));
        members.putObject("detail").put(TYPE, "string");
        members.putObject("attr").putArray(TYPE).add("string").add("null");
        members.putObject("error").put(TYPE, "string");
        members.putObject("missing_artifact_ids")
                .put(TYPE, "array")
                .putObject("items")
                .put(TYPE, "string");
        return error;
    }
}
