package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation under every scope (docs/wire/authentication.md#c1). */
class ScopesTest {

    private static final Map<String, Set<String>> SUFFICIENT =
            Map.of(
                    "task:read", Set.of(Tokens.READ, Tokens.WRITE, Tokens.ROSA),
                    "task:write", Set.of(Tokens.WRITE, Tokens.ROSA));

    @RegisterExtension static final Host host = Host.started();

    static List<ApiOperation> operations() {
        return ApiOperation.all(Paths.MISSING, Paths.MISSING);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationRequiresItsScope(ApiOperation named) {
        for (String token : List.of(Tokens.NONE, Tokens.READ, Tokens.WRITE, Tokens.ROSA)) {
            ApiOperation operation = onThingsThatExist(named.name());

            Reply reply = operation.send(host.client(token), operation.body(), "application/json");

            if (ApiOperation.lacksArtifact(reply)) {
                assertThat(SUFFICIENT.get(operation.scope())).contains(token);
            } else if (SUFFICIENT.get(operation.scope()).contains(token)) {
                assertThat(reply.status()).as(token + ": " + reply.text()).isNotIn(401, 403, 404);
            } else {
                reply.isMissingScope(operation.scope());
            }
        }
    }

    private static ApiOperation onThingsThatExist(String name) {
        String task = Paths.newTask(host.rosa());
        String run = Paths.newRun(host.rosa(), task, "{\"environment\": \"cloud\"}");
        return ApiOperation.all(task, run).stream()
                .filter(operation -> operation.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
