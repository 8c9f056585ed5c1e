package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpListsEveryOption() {
        int exitCode = run("--help");

        assertThat(exitCode).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains("Network", "Storage", "Agents")
                .contains("--host", "--port", "--public-url", "--backend", "--objects")
                .contains("--directory", "--launcher", "--agent-command", "--work-dir")
                .contains(
                        "--slots",
                        "--time-limit",
                        "--grace-period",
                        "--agent-env",
                        "--db-user",
                        "--db-password-file",
                        "--migrate",
                        "--key-file",
                        "schema",
                        "ERRAND_PUBLIC_URL")
                .doesNotContain("${");
    }

    @Test
    void helpDoesNotShowTheEnvironment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("ERRAND_BACKEND", "jdbc:postgresql://db/errand?password=hunter2");
        environment.put("ERRAND_DB_PASSWORD_FILE", "/run/secrets/hunter2");

        int exitCode = run(environment, "--help");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).doesNotContain("hunter2");
    }

    @Test
    void invalidOptionPrintsOneLineAndAHint() {
        int exitCode = run("--launcher", "process");

        assertThat(exitCode).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(
                        "errand-server: --launcher process requires --agent or --agent-command",
                        "Try 'errand-server --help'.");
    }

    @Test
    void invalidVariableIsNamed() {
        int exitCode = run(Map.of("ERRAND_PORT", "x"));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("'x' is not an int (from ERRAND_PORT)");
    }

    @Test
    void unknownBackendIsRejectedWithTheAvailableOnes() {
        int exitCode = run("--backend", "mysql://hunter2@db/errand");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "errand-server: --backend must begin with jdbc: or memory:, not with"
                                + " mysql:");
    }

    @Test
    void backendReportsAnInvalidUrl() {
        int exitCode = run("--backend", "memory:x");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("--backend: url must be memory:, not memory:x");
    }

    @Test
    void problemsOfTheDirectoryFileArePrintedLineByLine(@TempDir Path folder) throws IOException {
        Path file = ConfidentialFiles.write(folder.resolve("d.json"), "{\"projects\": [1, 2]}");

        int exitCode = run("--directory", file.toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().lines())
                .startsWith(
                        "errand-server: " + file + ": projects[0]: must be an object",
                        "errand-server: " + file + ": projects[1]: must be an object");
    }

    @Test
    void usedPortIsReported() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int exitCode = run("--port", Integer.toString(taken.getLocalPort()));

            assertThat(exitCode).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("errand-server: cannot start: ")
                    .contains("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void reservedVariableIsRejected() {
        int exitCode =
                run(
                        "--port=0",
                        "--launcher=process",
                        "--agent-command=sh",
                        "--agent-env=ERRAND_RUN_ID");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("variable ERRAND_RUN_ID is reserved");
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-agent, agent program not found or not executable: no-such-agent on the PATH",
        "/no/such/agent, agent program not found or not executable: /no/such/agent",
        "/, agent program not found or not executable: /"
    })
    void missingAgentProgramIsReportedAtStartup(String program, String problem) {
        int exitCode = run("--port=0", "--launcher=process", "--agent-command=" + program);

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly("errand-server: " + problem);
    }

    @ParameterizedTest
    @CsvSource({"claude, ANTHROPIC_API_KEY", "codex, OPENAI_API_KEY"})
    void missingCredentialIsReportedAtStartupWithWhatToSet(String agent, String variable) {
        assumeThat(System.getenv())
                .as("the credentials of the person who runs this build")
                .doesNotContainKeys(
                        "ANTHROPIC_API_KEY",
                        "ANTHROPIC_AUTH_TOKEN",
                        "CLAUDE_CODE_OAUTH_TOKEN",
                        "OPENAI_API_KEY",
                        "CODEX_API_KEY");

        int exitCode = run("--port=0", "--launcher=process", "--agent=" + agent);

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString())
                .startsWith(
                        "errand-server: Agent " + agent + " has no credential. Set " + variable);
    }

    @Test
    void schemaCommandIgnoresTheEnvironment() {
        int exitCode = run(Map.of("ERRAND_PORT", "x"), "schema", "TaskRunBootstrapCreateRequest");

        assertThat(exitCode).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .startsWith("{")
                .contains("\"title\" : \"TaskRunBootstrapCreateRequest\"");
    }

    @Test
    void unknownSchemaIsRejectedWithTheAvailableOnes() {
        int exitCode = run("schema", "TaskRun");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString())
                .contains("unknown request TaskRun", "TaskRunBootstrapCreateRequest");
    }

    private int run(String... arguments) {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Main.run(
                arguments, environment, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
