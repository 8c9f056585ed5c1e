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

/** What the guide shows is what is compiled and run here. */
class GuideTest {

    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final long MOST_LINES = 199;

    @Test
    void theCodeOfTheGuideStandsInTheTests() throws IOException {
        String tests = unformatted(sources("src/test/java"));
        String guide = Files.readString(root().resolve("docs/backend-guide.md"));
        List<String> blocks = JAVA.matcher(guide).results().map(it -> it.group(1)).toList();

        assertThat(blocks).hasSize(2).allSatisfy(it -> assertThat(tests).contains(unformatted(it)));
    }

    /** Lines of code: without imports, comments and what is blank. */
    @Test
    void theExampleIsSmall() throws IOException {
        Stream<String> code =
                sources("src/main/java")
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.matches("|(//|/\\*|\\*|import |package ).*"));
        assertThat(code.count()).isBetween(1L, MOST_LINES);
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

    /** Where the parent of all modules is. */
    private static Path root() throws IOException {
        Path place = Path.of("").toRealPath();
        while (!Files.isDirectory(place.resolve(".mvn"))) {
            place = place.getParent();
        }
        return place;
    }
}
