package dev.errand.testsupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;

/**
 * Validates requests and responses of tests against an OpenAPI 3.1 document. Requests are validated
 * if the server accepted them. Each schema is compiled once. Thread-safe.
 */
public final class OpenApiConformance {

    private static final int MAX_BYTES = 1_000_000;

    private static final JsonMapper JSON = new JsonMapper();

    private static final String ID = "https://errand.invalid/openapi.json";
    private static final int FIRST_ERROR = 400;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final JsonNode document;
    private final SchemaRegistry registry;
    private final Map<Pattern, String> paths = new HashMap<>();
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    /**
     * Reads a document.
     *
     * @param json the document
     */
    public OpenApiConformance(String json) {
        document = parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        registry =
                SchemaRegistry.withDefaultDialect(
                        Dialects.getDraft202012(),
                        builder ->
                                builder.schemas(Map.of(ID, json))
                                        .schemaRegistryConfig(
                                                SchemaRegistryConfig.builder()
                                                        .formatAssertionsEnabled(true)
                                                        .build()));
        document.get("paths")
                .fieldNames()
                .forEachRemaining(
                        path ->
                                paths.put(
                                        Pattern.compile(path.replaceAll("\\{\\w+}", "[^/]+")),
                                        path));
    }

    /**
     * Validates an exchange. A path outside of the document is accepted.
     *
     * @throws AssertionError if the document does not allow the exchange
     */
    public void validate(HttpRequest request, HttpResponse<?> response) {
        validate(
                request.method(),
                request.uri().getRawPath(),
                body(request),
                response.statusCode(),
                response.headers(),
                bytes(response.body()));
    }

    private void validate(
            String method,
            String path,
            byte[] requestBody,
            int status,
            HttpHeaders headers,
            byte[] body) {
        Optional<String> template = template(path);
        if (template.isEmpty()) {
            return;
        }
        String name = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        String pointer = "/paths/" + escaped(template.get()) + '/' + name;
        JsonNode operation = document.at(pointer);
        String exchange = method + ' ' + template.get() + " -> " + status;
        if (operation.isMissingNode()) {
            require(status >= FIRST_ERROR, exchange + ": the document has no such operation");
            if (!method.equals("HEAD")) {
                check(exchange, "/components/schemas/Error", body);
            }
            return;
        }
        if (status < FIRST_ERROR) {
            validateRequest(exchange, pointer, operation, requestBody);
        }
        String response = pointer + "/responses/" + status;
        String reference = document.at(response).path("$ref").asText();
        if (!reference.isEmpty()) {
            response = reference.substring(1);
        }
        JsonNode described = document.at(response);
        require(!described.isMissingNode(), exchange + ": the document has no such status");
        described
                .path("headers")
                .fieldNames()
                .forEachRemaining(
                        header ->
                                require(
                                        status >= FIRST_ERROR
                                                || headers.firstValue(header).isPresent(),
                                        exchange + ": header " + header + " is missing"));
        require(
                status != METHOD_NOT_ALLOWED || headers.firstValue("Allow").isPresent(),
                exchange + ": header Allow is missing");
        if (method.equals("HEAD") || body.length > MAX_BYTES) {
            return;
        }
        String type = headers.firstValue("Content-Type").orElse("");
        JsonNode content = described.path("content");
        if (content.isMissingNode()) {
            require(body.length == 0, exchange + ": a body that the document does not have");
        } else if (!content.has("*/*")) {
            require(content.has(type), exchange + ": content type " + type);
            if (content.get(type).has("schema")) {
                check(exchange, response + "/content/" + escaped(type) + "/schema", body);
            }
        }
        if (described.has("x-error-codes")) {
            String code = parse(body).map(json -> json.path("code").asText()).orElse("");
            require(
                    contains(described.get("x-error-codes"), code),
                    exchange + ": error code " + code + " is not described");
        }
    }

    private void validateRequest(String exchange, String pointer, JsonNode operation, byte[] body) {
        if (operation.at("/requestBody/content").has("application/json")
                && body.length < MAX_BYTES
                && !isBlank(body)) {
            check(
                    exchange + " request",
                    pointer + "/requestBody/content/application~1json/schema",
                    body);
        }
    }

    private void check(String exchange, String pointer, byte[] body) {
        JsonNode json = parse(body).orElseThrow(() -> new AssertionError(exchange + ": not JSON"));
        Schema schema =
                schemas.computeIfAbsent(
                        pointer,
                        it -> registry.getSchema(SchemaLocation.of(ID + '#' + fragment(it))));
        List<Error> errors = schema.validate(json);
        require(errors.isEmpty(), exchange + ": " + errors + " in " + abbreviated(body));
    }

    private Optional<String> template(String path) {
        // A fixed path precedes one with variables.
        return paths.entrySet().stream()
                .filter(each -> each.getKey().matcher(path).matches())
                .map(Map.Entry::getValue)
                .min((a, b) -> Integer.compare(variables(a), variables(b)));
    }

    private static int variables(String template) {
        return (int) template.chars().filter(it -> it == '{').count();
    }

    private static String escaped(String token) {
        return token.replace("~", "~0").replace("/", "~1");
    }

    private static String fragment(String pointer) {
        return pointer.replace("{", "%7B").replace("}", "%7D");
    }

    private static boolean contains(JsonNode list, String text) {
        for (JsonNode each : list) {
            if (each.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(byte[] body) {
        return new String(body, StandardCharsets.UTF_8).isBlank();
    }

    private static String abbreviated(byte[] body) {
        return new String(
                Arrays.copyOf(body, Math.min(body.length, 1_000)), StandardCharsets.UTF_8);
    }

    private static Optional<JsonNode> parse(byte[] json) {
        try {
            return Optional.of(JSON.readTree(new String(json, StandardCharsets.UTF_8)));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError("The exchange differs from the OpenAPI document: " + message);
        }
    }

    private static byte[] bytes(Object body) {
        return body instanceof byte[] bytes
                ? bytes
                : String.valueOf(body).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the body of a request, whose publisher has all of it in memory. */
    private static byte[] body(HttpRequest request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        request.bodyPublisher()
                .filter(publisher -> publisher.contentLength() >= 0)
                .ifPresent(publisher -> publisher.subscribe(new Collector(bytes)));
        return bytes.toByteArray();
    }

    private record Collector(ByteArrayOutputStream bytes) implements Flow.Subscriber<ByteBuffer> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer buffer) {
            byte[] chunk = new byte[buffer.remaining()];
            buffer.get(chunk);
            bytes.writeBytes(chunk);
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {}
    }
}
