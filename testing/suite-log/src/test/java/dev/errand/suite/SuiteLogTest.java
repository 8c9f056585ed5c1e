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
 * No secret in the log of the whole test suite, in which everything of Errand's logs all that it
 * ever would (design I8). Tests write what they log to files; the modules that log are built before
 * this one.
 */
class SuiteLogTest {

    /** Every secret of the tests is one of these, whoever made it. */
    private static final List<Pattern> SECRETS =
            List.of(
                    Pattern.compile("gh[pousr]_\\w+"), // tokens of GitHub's users
                    Pattern.compile("errand_run_\\d+\\.[0-9a-f]{8}-\\S+"), // of sandboxes
                    Pattern.compile("errand_key_\\w{8,}"), // of a server's clients
                    Pattern.compile("planted-[a-z-]+")); // of the tests' own clients

    private static final List<String> MODULES =
            List.of(
                    "memory-backend",
                    "jdbc-backend",
                    "extensions/http",
                    "extensions/process-launcher",
                    "extensions/server");

    private final Path root = Path.of("").toAbsolutePath().getParent().getParent();

    @Test
    void noTestLoggedASecret() throws IOException {
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
        assertThat(found).as("secrets in the tests' log").isEmpty();
    }

    @Test
    void thereIsALogToLookThrough() throws IOException {
        for (String module : MODULES) {
            String log =
                    logs(root.resolve(module)).stream()
                            .map(SuiteLogTest::text)
                            .collect(Collectors.joining());
            assertThat(log).as("what %s logged", module).contains("dev.errand");
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
    void whatIsLookedForIsFound(String line) {
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
