package dev.errand.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Searches the logs of the whole test suite for secrets (docs/invariants.md#i8). Errand logs at
 * trace level in all tests, to files; this module is built last.
 */
class TestLogsTest {

    /** The form of every secret that the tests use. */
    private static final List<Pattern> SECRETS =
            List.of(
                    Pattern.compile("gh[pousr]_\\w+"), // GitHub user tokens
                    Pattern.compile("errand_run_\\d+\\.[0-9a-f]{8}-\\S+"), // sandbox tokens
                    Pattern.compile("errand_key_\\w{8,}"), // API keys of the server
                    Pattern.compile("planted-[a-z-]+")); // tokens of test clients

    private static final List<String> LOGGING_MODULES =
            List.of(
                    "testing/engine-tests",
                    "jdbc-backend",
                    "extensions/git-workspaces",
                    "extensions/http",
                    "extensions/process-launcher",
                    "extensions/server");

    private final Path root = Path.of("").toAbsolutePath().getParent().getParent();

    @Test
    void testLogsContainNoSecret() throws IOException {
        Map<Path, String> found = new TreeMap<>();
        for (Path log : logs(root)) {
            String text = Files.readString(log, StandardCharsets.UTF_8);
            for (Pattern secret : SECRETS) {
                Matcher matcher = secret.matcher(text);
                if (matcher.find()) {
                    found.put(root.relativize(log), matcher.group());
                }
            }
        }
        assertThat(found).as("secrets in test logs").isEmpty();
    }

    @Test
    void everyLoggingModuleHasWrittenALog() throws IOException {
        for (String module : LOGGING_MODULES) {
            String log =
                    logs(root.resolve(module)).stream()
                            .map(TestLogsTest::text)
                            .collect(Collectors.joining());
            assertThat(log).as("test logs of %s", module).contains("dev.errand");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token ghp_81f2 was refused",
                "Bearer errand_run_7.019a0b1f-8c1f-7f6e-b0a3-5d2c7e9f1a46.x.1.1780000000.c2ln",
                "Token: errand_key_c2lnbmVkIG9uZQ",
                "unknown token planted-tom-writes"
            })
    void everyFormOfSecretIsDetected(String line) {
        assertThat(SECRETS).anyMatch(secret -> secret.matcher(line).find());
    }

    private static List<Path> logs(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith("-output.txt"))
                    .filter(file -> file.getParent().endsWith("surefire-reports"))
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
