package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
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
    void helpTellsEveryOption() {
        int exitCode = run("--help");

        assertThat(exitCode).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains("Subscription", "Storage", "Agents")
                .contains("--host", "--port", "--public-url", "--backend", "--objects")
                .contains("--directory", "--launcher", "--agent-command", "--work-dir")
                .contains(
                        "--slots",
                        "--time-limit",
                        "--stop-grace",
                        "--pass-on",
                        "--db-user",
                        "--db-password-file",
                        "--migrate",
                        "--key-file",
                        "schema",
                        "ERRAND_PUBLIC_URL")
                .doesNotContain("${");
    }

    @Test
    void helpDoesNotTellWhatTheEnvironmentHolds() {
        Map<String, String> environment = new HashMap<>();
        environment.put("ERRAND_BACKEND", "jdbc:postgresql://db/errand?password=hunter2");
        environment.put("ERRAND_DB_PASSWORD_FILE", "/run/secrets/hunter2");

        int exitCode = run(environment, "--help");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).doesNotContain("hunter2");
    }

    @Test
    void aWrongOptionIsOneLineAndAHint() {
        int exitCode = run("--launcher", "process");

        assertThat(exitCode).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(
                        "errand-server: --launcher process needs --agent-command",
                        "Try 'errand-server --help'.");
    }

    @Test
    void aWrongVariableIsNamed() {
        int exitCode = run(Map.of("ERRAND_PORT", "x"));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("'x' is not an int (from ERRAND_PORT)");
    }

    @Test
    void anUnknownBackendIsRefusedWithThoseThereAre() {
        int exitCode = run("--backend", "mysql://hunter2@db/errand");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "errand-server: --backend must begin with jdbc: or memory:, not with"
                                + " mysql:");
    }

    @Test
    void aBackendSaysWhatItDoesNotTake() {
        int exitCode = run("--backend", "memory:x");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("--backend: url must be memory:, not memory:x");
    }

    @Test
    void aWrongDirectoryFileIsToldLineByLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("d.json"), "{\"projects\": [1, 2]}");

        int exitCode = run("--directory", file.toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().lines())
                .startsWith(
                        "errand-server: " + file + ": projects[0]: must be an object",
                        "errand-server: " + file + ": projects[1]: must be an object");
    }

    @Test
    void aTakenPortIsToldAndNothingStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int exitCode = run("--port", Integer.toString(taken.getLocalPort()));

            assertThat(exitCode).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("errand-server: cannot start: ")
                    .contains("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aVariableThatIsTheLaunchersIsRefused() {
        int exitCode =
                run(
                        "--port=0",
                        "--launcher=process",
                        "--agent-command=sh",
                        "--pass-on=ERRAND_RUN_ID");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("ERRAND_RUN_ID is the launcher's");
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-agent, there is no executable no-such-agent on the PATH for agents",
        "/no/such/agent, there is no executable /no/such/agent for agents",
        "/, there is no executable / for agents"
    })
    void anAgentThatIsNotThereIsToldBeforeTheFirstRun(String program, String problem) {
        int exitCode = run("--port=0", "--launcher=process", "--agent-command=" + program);

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly("errand-server: " + problem);
    }

    @Test
    void aSchemaIsPrintedWhateverTheEnvironmentSays() {
        int exitCode = run(Map.of("ERRAND_PORT", "x"), "schema", "TaskRunBootstrapCreateRequest");

        assertThat(exitCode).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .startsWith("{")
                .contains("\"title\" : \"TaskRunBootstrapCreateRequest\"");
    }

    @Test
    void anUnknownSchemaIsRefusedWithThoseThereAre() {
        int exitCode = run("schema", "TaskRun");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString())
                .contains("there is no request TaskRun", "TaskRunBootstrapCreateRequest");
    }

    private int run(String... arguments) {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Main.run(
                arguments, environment, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
