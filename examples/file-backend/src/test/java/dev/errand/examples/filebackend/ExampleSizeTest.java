package dev.errand.examples.filebackend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The backend guide says that the example has about two hundred lines of code. */
class ExampleSizeTest {

    private static final int MAX_LINES = 199;

    @Test
    void theExampleIsSmall() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        int lines = 0;
        for (Path source : sources) {
            lines += linesOfCode(source);
        }
        assertThat(lines).isBetween(1, MAX_LINES);
    }

    /** Counts lines other than imports, comments and blank lines. */
    private static int linesOfCode(Path source) throws IOException {
        try (Stream<String> lines = Files.lines(source)) {
            return (int)
                    lines.map(String::strip)
                            .filter(line -> !line.matches("|(//|/\\*|\\*|import |package ).*"))
                            .count();
        }
    }
}
