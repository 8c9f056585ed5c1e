package dev.errand.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.access.Scope;
import dev.errand.error.ErrorCode;
import dev.errand.http.schema.OpenApiSchemas;
import dev.errand.profile.ApiProfile;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The OpenAPI 3.1 document of a version of the API, made from what serves the requests: the table
 * of routes, the records of requests and responses, and the error codes (docs/wire/README.md).
 * {@link ErrandServlet} serves it at {@code /api/schema/}.
 */
public final class OpenApiDocument {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<ApiProfile, String> DOCUMENTS = new ConcurrentHashMap<>();
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    private final OpenApiSchemas schemas;
    private final ObjectNode root = JSON.createObjectNode();

    private OpenApiDocument(ApiProfile profile) {
        schemas = new OpenApiSchemas(profile);
        root.put("openapi", "3.1.0");
        root.putObject("info")
                .put("title", "Errand Tasks API")
                .put("version", profile.wire())
                .put("summary", "Tasks for coding agents, and their runs.")
                .putObject("license")
                .put("name", "Apache License 2.0")
                .put("identifier", "Apache-2.0");
        root.putArray("servers").addObject().put("url", "/");
        ObjectNode paths = root.putObject("paths");
        Routes.all().forEach(route -> add(paths, route));
        ObjectNode components = root.putObject("components");
        components.setAll(OpenApiComponents.create());
        ((ObjectNode) components.get("schemas")).setAll(schemas.all());
    }

    /**
     * Returns the document as indented JSON. It is created once and kept.
     *
     * @throws IllegalStateException if a route has no description, which is an error in Errand
     */
    public static String of(ApiProfile profile) {
        return DOCUMENTS.computeIfAbsent(
                profile, each -> new OpenApiDocument(each).root.toPrettyString());
    }

    private void add(ObjectNode paths, Route route) {
        String pattern = route.pattern().text();
        ObjectNode path = paths.putObject(VARIABLE.matcher(pattern).replaceAll("{$1_id}"));
        ArrayNode parameters = path.putArray("parameters");
        VARIABLE.matcher(pattern)
                .results()
                .forEach(it -> reference(parameters, "parameters", it.group(1) + "_id"));
        route.methods()
                .forEach(
                        (name, method) ->
                                path.set(
                                        name.toLowerCase(Locale.ROOT),
                                        operation(description(name, pattern), method)));
    }

    private static OperationDescription description(String method, String path) {
        return OperationDescriptions.ALL.stream()
                .filter(it -> it.method().equals(method) && it.path().equals(path))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(method + " " + path + ": no description"));
    }

    private ObjectNode operation(OperationDescription description, Route.Method method) {
        ObjectNode operation = JSON.createObjectNode();
        operation.put("operationId", description.id());
        operation.put("summary", description.summary());
        operation
                .putArray("security")
                .addObject()
                .putArray(OpenApiComponents.BEARER)
                .add(method.scope().wire());
        ArrayNode parameters = JSON.createArrayNode();
        if (description.isIdempotent()) {
            reference(parameters, "parameters", OpenApiComponents.IDEMPOTENCY_KEY);
        }
        description.query().forEach(each -> parameters.add(parameter(each)));
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        description
                .request()
                .ifPresent(
                        type ->
                                operation
                                        .putObject("requestBody")
                                        .set("content", json(schemas.request(type))));
        if (method.body() == BodyKind.BYTES) {
            operation.putObject("requestBody").putObject("content").putObject(MediaTypes.BYTES);
        }
        ObjectNode responses = operation.putObject("responses");
        description.statuses().forEach(it -> responses.set(it.toString(), success(description)));
        errors(description, method).forEach((status, codes) -> error(responses, status, codes));
        return operation;
    }

    private ObjectNode success(OperationDescription description) {
        ObjectNode response = JSON.createObjectNode().put("description", "Success.");
        if (!description.headers().isEmpty()) {
            ObjectNode headers = response.putObject("headers");
            description.headers().forEach(it -> OpenApiComponents.header(headers, it));
        }
        description
                .mediaType()
                .ifPresent(
                        type -> {
                            ObjectNode content = response.putObject("content").putObject(type);
                            description
                                    .view()
                                    .ifPresent(
                                            view ->
                                                    content.set(
                                                            "schema",
                                                            schemas.response(
                                                                    view,
                                                                    description.arguments())));
                        });
        return response;
    }

    /** Returns the error codes by status: those of the kind of operation, and its own. */
    private static Map<Integer, Set<ErrorCode>> errors(
            OperationDescription description, Route.Method method) {
        Set<ErrorCode> codes = EnumSet.copyOf(OpenApiComponents.COMMON_ERRORS);
        codes.addAll(description.errors());
        if (method.body() != BodyKind.NONE) {
            codes.addAll(OpenApiComponents.BODY_ERRORS);
        }
        if (!description.query().isEmpty()) {
            codes.addAll(OpenApiComponents.QUERY_ERRORS);
        }
        if (description.isIdempotent()) {
            codes.addAll(OpenApiComponents.KEY_ERRORS);
        }
        if (method.scope() == Scope.TASK_WRITE) {
            codes.add(ErrorCode.CONFLICT);
        }
        return OpenApiComponents.byStatus(codes);
    }

    private static void error(ObjectNode responses, int status, Set<ErrorCode> codes) {
        responses.set(
                Integer.toString(status),
                codes.equals(OpenApiComponents.SHARED_ERRORS.get(status))
                        ? JSON.createObjectNode()
                                .put("$ref", "#/components/responses/Error" + status)
                        : OpenApiComponents.errorResponse(status, codes));
    }

    private static ObjectNode parameter(OperationDescription.QueryParameter parameter) {
        ObjectNode node =
                JSON.createObjectNode()
                        .put("name", parameter.name())
                        .put("in", "query")
                        .put("description", parameter.description());
        node.set("schema", parse(parameter.schema()));
        return node;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException notJson) {
            throw new IllegalStateException("not JSON: " + json, notJson);
        }
    }

    private static ObjectNode json(ObjectNode schema) {
        ObjectNode content = JSON.createObjectNode();
        content.putObject(MediaTypes.JSON).set("schema", schema);
        return content;
    }

    private static void reference(ArrayNode list, String section, String name) {
        list.addObject().put("$ref", "#/components/" + section + "/" + name);
    }
}
