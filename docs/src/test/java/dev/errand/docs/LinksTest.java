package dev.errand.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every link and every citation leads somewhere. */
class LinksTest {

    /** A page with one or more anchors: {@code docs/wire/runs.md#g3, #g4} or {@code #g3 to #g5}. */
    private static final Pattern CITATION =
            Pattern.compile(
                    "(?<!\")\\b(docs/[\\w/-]+\\.md)((?:#[\\w-]+(?:(?:,|\\s+to|\\s+and)[\\s*/]+(?=#))?)*)");

    private static final Pattern ANCHOR = Pattern.compile("#([\\w-]+)");
    private static final Pattern EXTERNAL = Pattern.compile("(https?|mailto):.*");

    private final Map<Path, Set<String>> anchors = new HashMap<>();

    @Test
    void linksBetweenPagesResolve() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path file : ProjectFiles.endingIn(".md")) {
            for (String link : MarkdownPage.read(file).links()) {
                if (!EXTERNAL.matcher(link).matches()) {
                    links++;
                    int hash = link.indexOf('#');
                    String path = hash < 0 ? link : link.substring(0, hash);
                    Path target = path.isEmpty() ? file : file.resolveSibling(path).normalize();
                    if (!exists(target) || hash >= 0 && !hasAnchor(target, link.substring(hash))) {
                        broken.add(ProjectFiles.ROOT.relativize(file) + ": " + link);
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(300);
    }

    @Test
    void citationsInSourcesResolve() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : ProjectFiles.endingIn(".java", ".sql", ".xml", ".sh", ".json")) {
            Matcher citation = CITATION.matcher(Files.readString(file));
            while (citation.find()) {
                Path page = ProjectFiles.ROOT.resolve(citation.group(1));
                boolean resolves =
                        exists(page)
                                && ANCHOR.matcher(citation.group(2))
                                        .results()
                                        .allMatch(anchor -> hasAnchor(page, anchor.group()));
                if (!resolves) {
                    broken.add(ProjectFiles.ROOT.relativize(file) + ": " + citation.group());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void theTableOfClausesResolves() throws IOException {
        Path wire = ProjectFiles.ROOT.resolve("docs/wire");
        List<String> rows = Files.readAllLines(wire.resolve("clauses.tsv"));
        assertThat(rows)
                .hasSizeGreaterThan(130)
                .allSatisfy(
                        row -> {
                            String target = row.split("\t")[1];
                            int hash = target.indexOf('#');
                            Path page = wire.resolve(target.substring(0, hash));
                            assertThat(hasAnchor(page, target.substring(hash))).isTrue();
                        });
    }

    private static boolean exists(Path target) {
        return target.startsWith(ProjectFiles.ROOT) && Files.exists(target);
    }

    /** Only pages have anchors that can be checked. */
    private boolean hasAnchor(Path target, String anchor) {
        return target.toString().endsWith(".md")
                && anchors.computeIfAbsent(target, page -> MarkdownPage.read(page).anchors())
                        .contains(anchor.substring(1));
    }
}
