package dev.errand.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every clause of the wire contract that Java sources cite is listed in docs/wire/clauses.tsv. */
class CitedClausesTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

    private static final String CLAUSE = "(?:[A-K]\\d*[a-z]?|0)\\b";
    private static final Pattern CITATION =
            Pattern.compile(
                    "contract[ \\n*]+(" + CLAUSE + "(?:(?:,| to| and)[ \\n*]+" + CLAUSE + ")*)");

    @Test
    void everyCitedClauseIsDocumented() throws IOException {
        Set<String> documented;
        try (Stream<String> lines = Files.lines(ROOT.resolve("docs/wire/clauses.tsv"))) {
            documented = lines.map(line -> line.split("\t")[0]).collect(Collectors.toSet());
        }

        Set<String> cited = new TreeSet<>();
        for (Path source : javaSources()) {
            CITATION.matcher(Files.readString(source))
                    .results()
                    .flatMap(CitedClausesTest::clauses)
                    .forEach(cited::add);
        }

        assertThat(cited).hasSizeGreaterThan(50).isSubsetOf(documented);
    }

    private static Stream<String> clauses(MatchResult citation) {
        return Pattern.compile(CLAUSE).matcher(citation.group(1)).results().map(MatchResult::group);
    }

    private static List<Path> javaSources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !ROOT.relativize(file).toString().contains("target"))
                    .toList();
        }
    }
}
