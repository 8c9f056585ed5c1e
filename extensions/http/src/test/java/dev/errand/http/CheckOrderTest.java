package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The order of checks (docs/wire/authentication.md#c2). Each request violates the tested check and
 * all later ones, and is rejected by the tested check.
 */
class CheckOrderTest {

    private static final String INVALID =
            """
            {"title": null, "mode": "x", "artifacts": 1, "status": "x", "entries": 1,
             "pending_user_message": null, "output": null, "reason": []}""";

    @RegisterExtension static final Host host = Host.started();

    /** Every operation for a task and a run that do not exist. */
    static List<ApiOperation> operations() {
        return ApiOperation.all(Paths.MISSING, Paths.MISSING);
    }

    static List<ApiOperation> operationsWithABody() {
        return operations().stream().filter(ApiOperation::hasBody).toList();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void authenticationIsCheckedFirst(ApiOperation operation) {
        ApiOperation elsewhere = operation.inProject("999");
        for (String token : new String[] {null, "unknown"}) {
            Reply reply = elsewhere.send(host.client(token), INVALID, "text/plain");
            reply.isEnvelope();
            assertThat(reply.status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void theProjectIsCheckedAfterAuthentication(ApiOperation operation) {
        Client none = host.client(Tokens.NONE);

        operation.inProject("999").send(none, INVALID, "text/plain").isNotFound();
        operation.inProject("seven").send(none, INVALID, "text/plain").isNotFound();
        operation
                .inProject("8")
                .send(none, INVALID, "text/plain")
                .isError(
                        403,
                        "authentication_error",
                        "permission_denied",
                        "You don't have access to the project.",
                        null);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void theScopeIsCheckedAfterTheProject(ApiOperation operation) {
        Reply reply = operation.send(host.client(Tokens.NONE), INVALID, "text/plain");

        reply.isMissingScope(operation.scope());
    }

    @ParameterizedTest
    @MethodSource("operationsWithABody")
    void theMediaTypeIsCheckedAfterTheScope(ApiOperation operation) {
        Reply reply = operation.send(host.rosa(), "x".repeat(2_000_000), "text/plain");

        reply.isError(
                415,
                "invalid_request",
                "unsupported_media_type",
                "Unsupported media type \"text/plain\" in request.",
                null);
    }

    @ParameterizedTest
    @MethodSource("operationsWithABody")
    void theBodySizeIsCheckedAfterTheMediaType(ApiOperation operation) {
        int bytes =
                switch (operation.name()) {
                    case "append log" -> 17_000_000;
                    case "upload artifacts" -> 51_000_000;
                    default -> 1_050_000;
                };
        String huge = " ".repeat(bytes);

        Reply reply = operation.send(host.rosa(), INVALID + huge, "application/json");

        reply.isEnvelope();
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.json().get("code").asText()).isEqualTo("request_too_large");
    }

    @ParameterizedTest
    @MethodSource("operationsWithABody")
    void theBodyIsCheckedBeforeTheLookUpExceptOnATaskPatch(ApiOperation operation) {
        Reply invalid = operation.send(host.rosa(), INVALID, "application/json");
        Reply malformed = operation.send(host.rosa(), "{", "application/json");

        if (operation.name().equals("update task")) {
            invalid.isNotFound();
            malformed.isNotFound();
        } else {
            assertThat(invalid.isEnvelope().status()).isEqualTo(400);
            assertThat(malformed.isEnvelope().json().get("code").asText()).isEqualTo("parse_error");
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void theLookUpComesAfterTheBody(ApiOperation operation) {
        if (!operation.path().contains(Paths.MISSING)) {
            return; // The operation looks up no task.
        }
        Reply reply = operation.send(host.rosa(), operation.body(), "application/json");

        if (operation.path().contains("/runs/")) {
            reply.isTaskNotFound();
        } else {
            reply.isNotFound();
        }
    }

    @Test
    void theMethodIsCheckedAfterTheProject() {
        assertThat(put(null, "7").status()).isEqualTo(401);
        put(Tokens.NONE, "999").isNotFound();
        assertThat(put(Tokens.NONE, "8").status()).isEqualTo(403);
        assertThat(put(Tokens.NONE, "7").status()).isEqualTo(405);
    }

    @Test
    void theQueryIsCheckedBeforeTheLookUp() {
        Client rosa = host.rosa();

        RawHttp.get(host.url(), Paths.runs(Paths.MISSING) + "?limit=%zz", Tokens.ROSA)
                .isInvalid("invalid_input", "The query string is not percent-encoded UTF-8.", null);
        rosa.get(Paths.runs(Paths.MISSING) + "?limit=zz").isTaskNotFound();
    }

    @Test
    void rulesOnStoredDataAreCheckedLast() {
        String path = Paths.task(Paths.MISSING) + "run/";

        host.rosa().post(path, "{\"resume_from_run_id\": \"" + Paths.MISSING + "\"}").isNotFound();
    }

    private static Reply put(String token, String project) {
        return host.client(token)
                .send(
                        "PUT",
                        "/api/projects/" + project + "/tasks/",
                        "text/plain",
                        BodyPublishers.ofString(INVALID));
    }
}
