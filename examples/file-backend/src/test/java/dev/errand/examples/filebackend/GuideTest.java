package dev.errand.examples.filebackend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in the guide is compiled and run by these tests. */
class GuideTest {

    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final long MAX_LINES = 199;

    @Test
    void theCodeOfTheGuideIsInTheTests() throws IOException {
        String tests = unformatted(sources("src/test/java"));
        String guide = Files.readString(root().resolve("docs/backend-guide.md"));
        List<String> blocks = JAVA.matcher(guide).results().map(it -> it.group(1)).toList();

        assertThat(blocks).hasSize(2).allSatisfy(it -> assertThat(tests).contains(unformatted(it)));
    }

    /** Counts lines of code, without imports, comments and blank lines. */
    @Test
    void theExampleIsSmall() throws IOException {
        Stream<String> code =
                sources("src/main/java")
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.matches("|(//|/\\*|\\*|import |package ).*"));
        assertThat(code.count()).isBetween(1L, MAX_LINES);
    }

    private static String sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            StringBuilder sources = new StringBuilder();
            for (Path file :
                    files.filter(it -> it.toString().endsWith(".java")).sorted().toList()) {
                sources.append(Files.readString(file));
            }
            return sources.toString();
        }
    }

    private static String unformatted(String code) {
        return code.lines()
                .map(String::strip)
                .collect(Collectors.joining(" "))
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** The directory of the parent project. */
    private static Path root() throws IOException {
        Path directory = Path.of("").toRealPath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
