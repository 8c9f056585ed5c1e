package dev.errand.process;

import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Builds the complete environment of an agent (PROTOCOL.md, "Variables"). It contains the paths of
 * secrets, never a secret.
 */
final class AgentEnvironment {

    static final String RUN_ID = "ERRAND_RUN_ID";
    static final String ATTEMPT = "ERRAND_ATTEMPT";

    private final Map<String, String> variables = new TreeMap<>();

    private AgentEnvironment() {}

    static Map<String, String> of(
            Map<String, String> base,
            LaunchRequest request,
            SandboxDirectory directory,
            Instant deadline) {
        AgentEnvironment environment = new AgentEnvironment();
        environment.put("HOME", directory.home());
        environment.put("TMPDIR", directory.temporary());
        environment.variables.putAll(base);
        request.traceContext()
                .forEach((name, value) -> environment.put(variableOf(name), (Object) value));
        environment.putRun(request, deadline);
        environment.putPaths(request, directory);
        return environment.variables;
    }

    private void putRun(LaunchRequest request, Instant deadline) {
        SandboxId sandbox = request.sandbox();
        put("ERRAND_PROJECT_ID", sandbox.project());
        put("ERRAND_TASK_ID", sandbox.task());
        put(RUN_ID, sandbox.run());
        put(ATTEMPT, sandbox.attempt());
        put("ERRAND_SANDBOX_ID", sandbox);
        put("ERRAND_REPOSITORY", request.task().details().repository());
        put("ERRAND_BRANCH", request.run().branch());
        put("ERRAND_API_URL", request.apiUrl());
        put("ERRAND_DEADLINE", DateTimeFormatter.ISO_INSTANT.format(deadline));
    }

    private void putPaths(LaunchRequest request, SandboxDirectory directory) {
        put("ERRAND_PROMPT_FILE", directory.prompt());
        put(
                "ERRAND_JSON_SCHEMA_FILE",
                request.task().details().jsonSchema().map(schema -> directory.jsonSchema()));
        put("ERRAND_ATTACHMENTS_DIR", directory.attachments());
        put("ERRAND_SECRETS_DIR", directory.secrets());
        put("ERRAND_API_TOKEN_FILE", directory.apiToken());
        put("ERRAND_WORKSPACE", directory.workspace());
        put("ERRAND_OUTPUT_FILE", directory.output());
        put("ERRAND_ARTIFACTS_DIR", directory.artifacts());
    }

    /** Returns the name of a variable for a header: {@code TRACEPARENT}, {@code X_B3_TRACEID}. */
    private static String variableOf(String header) {
        return header.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private void put(String name, Path value) {
        put(name, value.toString());
    }

    private void put(String name, Optional<?> value) {
        value.ifPresent(present -> put(name, present));
    }

    /**
     * Removes NUL characters, which a branch name may contain and which would truncate the value.
     */
    private void put(String name, Object value) {
        variables.put(name, value.toString().replace("\0", ""));
    }
}
