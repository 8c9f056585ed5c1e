package dev.errand.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Citations name a page and an anchor, so that a reader can open them. */
class CitationFormTest {

    private static final Pattern SHORT_FORM =
            Pattern.compile("[(*/] ?([Cc]ontract [A-K]\\d|C\u00a7|[Dd]esign \\d)");

    @Test
    void noCommentCitesAClauseWithoutItsPage() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : ProjectFiles.endingIn(".java")) {
            for (String line : Files.readAllLines(file)) {
                if (SHORT_FORM.matcher(line).find()) {
                    found.add(ProjectFiles.ROOT.relativize(file) + ": " + line.strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
