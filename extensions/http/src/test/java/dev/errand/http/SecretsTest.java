package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.error.InvalidRequestException;
import dev.errand.internal.wire.RequestBinder;
import dev.errand.internal.wire.RequestValidator;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No response, log or exception contains a secret (docs/invariants.md#i8). The scenario runs in a
 * separate process, in which Errand logs at the finest level.
 */
class SecretsTest {

    private static final int MINUTES = 3;

    @Test
    void responsesAndLogsContainNoSecret(@TempDir Path folder) throws Exception {
        Path answers = folder.resolve("answers");
        Path log = folder.resolve("log");

        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                                "-Dorg.slf4j.simpleLogger.log.dev.errand=trace",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SecretsScenario.class.getName())
                        .redirectOutput(answers.toFile())
                        .redirectError(log.toFile())
                        .start();
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();

        assertThat(process.exitValue()).as(text(log)).isZero();
        List<String> lines = text(answers).lines().toList();
        String runToken =
                lines.stream()
                        .filter(line -> line.startsWith("run token: "))
                        .map(line -> line.substring("run token: ".length()))
                        .findFirst()
                        .orElseThrow();
        String answered =
                String.join(
                        "\n",
                        lines.stream().filter(line -> !line.startsWith("run token: ")).toList());
        assertThat(answered).contains("200 ").contains("400 ").contains("500 ");
        assertThat(text(log)).contains("down").contains("IllegalStateException");
        for (String secret :
                List.of(
                        SecretsScenario.BEARER,
                        SecretsScenario.GITHUB,
                        runToken,
                        runToken.substring(runToken.lastIndexOf('.') + 1))) {
            assertThat(answered).doesNotContain(secret);
            assertThat(text(log)).doesNotContain(secret);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"github_user_token\": \"SECRET\", \"mode\": \"x\"}",
                "{\"github_user_token\": {\"a\": \"SECRET\"}}",
                "{\"github_user_token\": \"SECRET\\u0000\"}",
                "{\"github_user_token\": \"SECRET",
                "{\"github_user_token\": SECRET}",
                "{\"github_user_token\": \"SECRET\"} SECRET",
                "[\"SECRET\"]",
                "SECRET"
            })
    void exceptionsContainNoSecret(String body) {
        byte[] bytes =
                body.replace("SECRET", SecretsScenario.GITHUB).getBytes(StandardCharsets.UTF_8);
        RequestValidator validator = new RequestValidator(RequestValidator.defaultValidator());
        RequestBinder binder = new RequestBinder(validator);
        for (Class<? extends Record> type : List.of(RunTaskRequest.class, CreateRunRequest.class)) {
            assertThatThrownBy(() -> validator.validate(binder.read(type, bytes)))
                    .isInstanceOf(InvalidRequestException.class)
                    .satisfies(
                            refused -> {
                                StringWriter trace = new StringWriter();
                                refused.printStackTrace(new PrintWriter(trace, true));
                                assertThat(trace.toString()).doesNotContain(SecretsScenario.GITHUB);
                            });
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
