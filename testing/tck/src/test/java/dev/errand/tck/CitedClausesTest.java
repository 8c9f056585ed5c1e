package dev.errand.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whoever meets a failure must find what was promised: a contract of a port cites at every test the
 * clause that it proves, an invariant, a wound, a section, or a method's Javadoc; every other
 * contract cites at its class the clauses that all its tests are about.
 */
class CitedClausesTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/errand/tck");

    private static final Pattern TEST =
            Pattern.compile("\\s+@(Test|ParameterizedTest|Property|RepeatedTest)\\b.*");
    private static final Pattern ANNOTATION = Pattern.compile("\\s*@\\w.*");
    private static final Pattern SECTION =
            Pattern.compile("\\b[A-K]\\d+\\b|\\bW[1-6]\\b|[Dd]esign §?\\d|contract [A-K]\\b");
    private static final Pattern METHOD = Pattern.compile("\\{@(code|link) [\\w.#]+");

    @Test
    void everyTestOfAPortCitesItsClause() throws IOException {
        List<String> without = new ArrayList<>();
        int tests = 0;
        for (Path file : contracts(SOURCES, 1)) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (TEST.matcher(lines.get(i)).matches()) {
                    tests++;
                    String doc = javadocAbove(lines, i);
                    if (!finds(SECTION, doc) && !finds(METHOD, doc)) {
                        without.add(file.getFileName() + ":" + (i + 1) + " " + doc);
                    }
                }
            }
        }
        assertThat(tests).isGreaterThan(200);
        assertThat(without).isEmpty();
    }

    @Test
    void everyContractCitesItsClauses() throws IOException {
        List<Path> without = new ArrayList<>();
        for (Path file : contracts(SOURCES, Integer.MAX_VALUE)) {
            List<String> lines = Files.readAllLines(file);
            int start = 0;
            while (!lines.get(start).contains(" class ")) {
                start++;
            }
            boolean holdsTests = lines.stream().anyMatch(line -> TEST.matcher(line).matches());
            String doc = javadocAbove(lines, start);
            if (holdsTests && !finds(SECTION, doc) && !finds(METHOD, doc)) {
                without.add(file.getFileName());
            }
        }
        assertThat(without).isEmpty();
    }

    private static List<Path> contracts(Path directory, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(directory, depth)) {
            List<Path> contracts =
                    files.filter(it -> it.toString().endsWith(".java"))
                            .filter(it -> !it.endsWith("package-info.java"))
                            .filter(CitedClausesTest::isAClass)
                            .sorted()
                            .toList();
            assertThat(contracts).isNotEmpty();
            return contracts;
        }
    }

    private static boolean isAClass(Path file) {
        try {
            return Files.readString(file).contains(" class ");
        } catch (IOException unreadable) {
            throw new AssertionError(file.toString(), unreadable);
        }
    }

    /** In one line; empty where there is none. */
    private static String javadocAbove(List<String> lines, int line) {
        int end = line - 1;
        while (ANNOTATION.matcher(lines.get(end)).matches()) {
            end--;
        }
        if (!lines.get(end).endsWith("*/")) {
            return "";
        }
        int start = end;
        while (!lines.get(start).contains("/**")) {
            start--;
        }
        return String.join(" ", lines.subList(start, end + 1));
    }

    private static boolean finds(Pattern pattern, String text) {
        return pattern.matcher(text).find();
    }
}
