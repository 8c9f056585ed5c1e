package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rules of all routes: slashes, methods, media types, body sizes, headers
 * (docs/wire/conventions.md#conventions, docs/wire/errors.md#c3).
 */
class WireConventionsTest {

    private static final int MEBIBYTE = 1024 * 1024;

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    static List<ApiOperation> operations() {
        return ApiOperation.all(Paths.MISSING, Paths.MISSING);
    }

    // paths

    @ParameterizedTest
    @MethodSource("operations")
    void theTrailingSlashIsOptional(ApiOperation named) {
        String task = Paths.newTask(rosa);
        String run = Paths.newRun(rosa, task, "{\"environment\": \"cloud\"}");
        ApiOperation operation =
                ApiOperation.all(task, run).stream()
                        .filter(one -> one.name().equals(named.name()))
                        .findFirst()
                        .orElseThrow();
        String bare = operation.path().substring(0, operation.path().length() - 1);
        ApiOperation without = new ApiOperation("", operation.method(), bare, "", operation.body());

        Reply reply = without.send(rosa, operation.body(), "application/json");

        if (!ApiOperation.lacksArtifact(reply)) {
            assertThat(reply.status()).as(reply.text()).isNotIn(301, 302, 307, 308, 404, 405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/",
                "/api/projects/",
                "/api/projects/7/",
                "/api/projects/7/task/",
                "/api/users/@me/",
                "/api/projects/7/tasks/a/b/",
                "/api/projects/7/tasks;x=1/",
                "/API/projects/7/tasks/",
                "/_objects/../api/",
                "/other"
            })
    void anUnknownPathIsNotFoundForAnyCaller(String path) {
        for (String method : new String[] {"GET", "POST", "PATCH", "DELETE"}) {
            rosa.as(null).send(method, path, "{}").isNotFound();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-7", "+7", "7x", "0x7", "99999999999999999999", "%20", "@me", "7.0"})
    void aProjectIdThatIsNotANumberIsNotFound(String project) {
        rosa.get("/api/projects/" + project + "/tasks/").isNotFound();
    }

    @Test
    void currentNamesTheActiveProject() {
        String id = Paths.newTask(rosa);

        rosa.get("/api/projects/@current/tasks/" + id).isJson(200);
        rosa.get("/api/projects/%40current/tasks/?limit=1").isJson(200);
        assertThat(host.client(Tokens.TOM_OTHER).get("/api/projects/@current/tasks/").status())
                .isEqualTo(403);
        assertThat(rosa.as(null).get("/api/projects/@current/tasks/").status()).isEqualTo(401);
    }

    @Test
    void currentIsNotFoundWithoutAnActiveProject() {
        try (Host other =
                Host.with().servlet(s -> s.activeProject(caller -> Optional.empty())).start()) {
            other.rosa().get("/api/projects/@current/tasks/").isNotFound();
        }
    }

    // methods

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tasks/                                   | GET, HEAD, POST",
                "tasks/{id}/                              | GET, HEAD, PATCH, DELETE",
                "tasks/{id}/run/                          | POST",
                "tasks/{id}/runs/                         | GET, HEAD, POST",
                "tasks/{id}/staged_artifacts/prepare_upload/  | POST",
                "tasks/{id}/staged_artifacts/finalize_upload/ | POST",
                "tasks/{id}/runs/{id}/                    | GET, HEAD, PATCH",
                "tasks/{id}/runs/{id}/start/              | POST",
                "tasks/{id}/runs/{id}/resume_in_cloud/    | POST",
                "tasks/{id}/runs/{id}/cancel/             | POST",
                "tasks/{id}/runs/{id}/connection_token/   | GET, HEAD",
                "tasks/{id}/runs/{id}/command/            | POST",
                "tasks/{id}/runs/{id}/set_output/         | PATCH",
                "tasks/{id}/runs/{id}/append_log/         | POST",
                "tasks/{id}/runs/{id}/logs/               | GET, HEAD",
                "tasks/{id}/runs/{id}/session_logs/       | GET, HEAD"
            })
    void unsupportedMethodsAreNotAllowed(String pattern, String allowed) {
        String path = "/api/projects/7/" + pattern.replace("{id}", Paths.MISSING);
        List<String> allowedOnes = List.of(allowed.split(", "));
        for (String method :
                List.of("GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "TRACE", "BREW")) {
            if (!allowedOnes.contains(method)) {
                Reply reply = rosa.send(method, path, null, BodyPublishers.noBody());
                reply.isError(
                        405,
                        "invalid_request",
                        "method_not_allowed",
                        "Method \"" + method + "\" not allowed.",
                        null);
                assertThat(reply.header("Allow")).isEqualTo(allowed);
            }
        }
    }

    @Test
    void headReturnsTheHeadersOfGet() {
        String path = Paths.task(Paths.newTask(rosa));
        Reply get = rosa.get(path);

        Reply head = head(rosa, path);

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.bytes()).isEmpty();
        assertThat(head.header("Content-Type")).isEqualTo("application/json");
        assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(get.bytes().length));
        assertThat(head(rosa, Paths.task("x")).status()).isEqualTo(404);
        assertThat(head(rosa, path + "run/").status()).isEqualTo(405);
        assertThat(head(rosa.as(null), path).status()).isEqualTo(401);
    }

    // credentials

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Basic cm9zYQ==",
                "planted-rosa-everything",
                "Bearerx y"
            })
    void aRequestWithoutATokenIsNotAuthenticated(String header) {
        Reply reply = rosa.send(rosa.as(null).request(Paths.TASKS).header("Authorization", header));

        reply.isError(
                401,
                "authentication_error",
                "not_authenticated",
                "Authentication credentials were not provided.",
                null);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer unknown",
                "Bearer planted-rosa-everything x",
                "Bearer errand_run_",
                "Bearer errand_run_7.a.b.1.99999999999.x",
                "Bearer errand_run_....."
            })
    void anInvalidTokenIsRejected(String header) {
        Reply reply = rosa.send(rosa.as(null).request(Paths.TASKS).header("Authorization", header));

        reply.isError(401, "authentication_error", "authentication_failed", "Invalid token.", null);
        assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
    }

    @Test
    void theAuthenticationSchemeIsCaseInsensitive() {
        rosa.send(
                        rosa.as(null)
                                .request(Paths.TASKS)
                                .header("Authorization", "bearer  " + Tokens.ROSA))
                .isJson(200);
    }

    @Test
    void theUnauthenticatedStatusIsConfigurable() {
        try (Host older = Host.with().servlet(s -> s.unauthenticatedStatus(403)).start()) {
            Reply reply = older.client(null).withoutValidation().get(Paths.TASKS);

            reply.isError(
                    403,
                    "authentication_error",
                    "not_authenticated",
                    "Authentication credentials were not provided.",
                    null);
            assertThat(reply.header("WWW-Authenticate")).isEmpty();
        }
    }

    // media types

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\"",
                "APPLICATION/JSON ; Charset = utf8"
            })
    void jsonIsAccepted(String type) {
        Reply reply = post(type, BodyPublishers.ofString("{\"title\": \"ü\"}"));

        assertThat(reply.isJson(201).json().get("title").asText()).isEqualTo("ü");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=latin1",
                "application/merge-patch+json",
                "application/jsonl",
                "json",
                "*/*"
            })
    void otherMediaTypesAreRejected(String type) {
        post(type, BodyPublishers.ofString("{}"))
                .isError(
                        415,
                        "invalid_request",
                        "unsupported_media_type",
                        "Unsupported media type \"" + type + "\" in request.",
                        null);
    }

    @Test
    void aBodyWithoutAMediaTypeIsRejected() {
        post(null, BodyPublishers.ofString("{}"))
                .isError(
                        415,
                        "invalid_request",
                        "unsupported_media_type",
                        "Unsupported media type \"\" in request.",
                        null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "identity, gzip", "x"})
    void compressedBodiesAreRejected(String encoding) {
        for (String path : List.of(Paths.TASKS, "/_objects")) {
            String type = path.equals(Paths.TASKS) ? "application/json" : Multipart.TYPE;
            rosa.send(
                            rosa.request(path)
                                    .header("Content-Type", type)
                                    .header("Content-Encoding", encoding)
                                    .POST(BodyPublishers.ofString("{}")))
                    .isError(
                            415,
                            "invalid_request",
                            "unsupported_media_type",
                            "Unsupported content encoding \""
                                    + encoding
                                    + "\" in request. Send the body uncompressed.",
                            null);
        }
    }

    @Test
    void anUnencodedBodyMaySayThatItIs() {
        rosa.send(
                        rosa.request(Paths.TASKS)
                                .header("Content-Type", "application/json")
                                .header("Content-Encoding", "Identity")
                                .POST(BodyPublishers.ofString("{}")))
                .isJson(201);
    }

    @Test
    void limitsOfTheReaderAreNamed() {
        post("application/json", BodyPublishers.ofString("{\"a\":" + "[".repeat(101)))
                .isError(
                        400,
                        "invalid_request",
                        "parse_error",
                        "JSON nesting is deeper than 100 levels.",
                        null);
    }

    @Test
    void anEmptyBodyIsReadAsAnEmptyObject() {
        post(null, BodyPublishers.noBody()).isJson(201);
        post("application/json", BodyPublishers.noBody()).isJson(201);
        post("text/plain", BodyPublishers.noBody()).isJson(201);
        post("text/plain", chunked("")).isJson(201);
        rosa.send("GET", Paths.TASKS, "application/json", BodyPublishers.noBody()).isJson(200);
    }

    @Test
    void chunkedBodiesAreAccepted() {
        post("application/json", chunked("{\"title\": \"A\"}")).isJson(201);
        assertThat(post("text/plain", chunked("{}")).isEnvelope().status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "image/png", "nonsense", "*/*"})
    void theAcceptHeaderIsIgnored(String accepted) {
        rosa.send(rosa.request(Paths.TASKS).header("Accept", accepted)).isJson(200);
        rosa.send(rosa.request(Paths.task("x")).header("Accept", accepted)).isNotFound();
    }

    // sizes

    @Test
    void bodiesAboveTheLimitAreRejected() {
        String limit = "{\"title\": \"A\"" + " ".repeat(MEBIBYTE - 14) + "}";
        assertThat(limit).hasSize(MEBIBYTE);

        post("application/json", BodyPublishers.ofString(limit)).isJson(201);
        post("application/json", chunked(limit)).isJson(201);
        tooLarge(post("application/json", BodyPublishers.ofString(limit + " ")));
        tooLarge(post("application/json", chunked(limit + " ")));
        tooLarge(post("application/json", chunked(limit.repeat(20))));
        tooLarge(post("application/json", BodyPublishers.ofString(limit.repeat(20))));
        rosa.get(Paths.TASKS + "?limit=1").isJson(200);
    }

    @Test
    void logBodiesHaveALargerLimit() {
        String task = Paths.newTask(rosa);
        String path = Paths.run(task, Paths.newRun(rosa, task)) + "append_log/";
        String entry = "{\"text\":\"" + "x".repeat(15 * MEBIBYTE) + "\"}";

        rosa.post(path, "{\"entries\": [" + entry + "]}").isJson(200);
        assertThat(rosa.post(path, "{\"entries\": [" + entry + "," + entry + "]}").status())
                .isEqualTo(413);
    }

    @Test
    void anErrorReachesAClientThatIsStillSending() {
        String body = "x".repeat(20 * MEBIBYTE);
        for (int i = 0; i < 5; i++) {
            assertThat(rosa.as(null).post(Paths.TASKS, body).status()).isEqualTo(401);
            assertThat(rosa.post("/nowhere", body).status()).isEqualTo(404);
            assertThat(rosa.send("PUT", Paths.TASKS, body).status()).isEqualTo(405);
            assertThat(rosa.post("/_objects", body).status()).isEqualTo(415);
        }
    }

    @Test
    void bodyLimitsAreConfigurable() {
        try (Host small =
                Host.with().servlet(s -> s.maxBodyBytes(20).maxLogBodyBytes(40)).start()) {
            Client client = small.rosa();
            client.post(Paths.TASKS, "{\"title\": \"1234567\"}").isJson(201);
            assertThat(client.post(Paths.TASKS, "{\"title\": \"12345678\"}").status())
                    .isEqualTo(413);
            String task = Paths.newTask(client);
            String path = Paths.run(task, Paths.newRun(client, task)) + "append_log/";
            client.post(path, "{\"entries\": [{\"a\": \"12345678901234\"}]}").isJson(200);
        }
    }

    @Test
    void aBodyAboveTheLimitIsRejectedBeforeItIsSent() {
        Reply reply =
                RawHttp.send(
                        host.url(),
                        "POST /api/projects/7/tasks/ HTTP/1.1\r\nHost: localhost\r\n"
                                + "Authorization: Bearer planted-rosa-everything\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 2000000\r\n"
                                + "Expect: 100-continue\r\n\r\n");

        tooLarge(reply);
    }

    @Test
    void aTruncatedBodyHasNoEffect() {
        String before = rosa.get(Paths.TASKS + "?limit=1").json().get("count").asText();
        try {
            Reply reply =
                    RawHttp.send(
                            host.url(),
                            "POST /api/projects/7/tasks/ HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Authorization: Bearer planted-rosa-everything\r\n"
                                    + "Content-Type: application/json\r\n"
                                    + "Content-Length: 100\r\nConnection: close\r\n\r\n{}");
            assertThat(reply.status()).isEqualTo(400);
        } catch (AssertionError dropped) {
            assertThat(dropped).hasMessageStartingWith("no answer");
        }
        assertThat(rosa.get(Paths.TASKS + "?limit=1").json().get("count").asText())
                .isEqualTo(before);
    }

    // headers

    @Test
    void everyResponseHasTheCommonHeaders() {
        String path = Paths.task(Paths.newTask(rosa));
        List<Reply> replies =
                List.of(
                        rosa.get(path),
                        rosa.post(Paths.TASKS, "{}"),
                        rosa.post(Paths.TASKS, "{"),
                        rosa.get(Paths.task("x")),
                        rosa.as(null).get(path),
                        rosa.get("/"),
                        rosa.send("PUT", path, "{}"));

        for (Reply reply : replies) {
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(reply.header("ETag")).isEmpty();
            assertThat(reply.header("Set-Cookie")).isEmpty();
        }
    }

    private static void tooLarge(Reply reply) {
        reply.isError(
                413,
                "invalid_request",
                "request_too_large",
                "The request body is larger than the 1048576 bytes allowed.",
                null);
    }

    private static Reply head(Client client, String path) {
        return client.send("HEAD", path, null, BodyPublishers.noBody());
    }

    private static Reply post(String type, BodyPublisher body) {
        return rosa.send("POST", Paths.TASKS, type, body);
    }

    /** Returns a body of unknown length. */
    private static BodyPublisher chunked(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }
}
