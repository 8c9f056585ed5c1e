package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutputNamesTest {

    @Test
    void aFileIsNamedByTheLastPartOfItsPath() {
        assertThat(names("a.md", "out/parts/b.md", ".hidden"))
                .containsExactly("a.md", "b.md", ".hidden");
    }

    @Test
    void filesThatWouldShareANameKeepTheirPaths() {
        assertThat(names("report.md", "web/report.md", "api/Report.md", "b.md"))
                .containsExactly("report.md", "web/report.md", "api/Report.md", "b.md");
    }

    @Test
    void eachPartOfAPathIsSafe() {
        assertThat(names("a\u0007/ x/r", "../r", "b\\c/r"))
                .containsExactly("a/x/r", "artifact/r", "c/r");
    }

    @Test
    void theEndOfALongPathIsKept() {
        String folder = "d".repeat(300);
        List<String> names = names(folder + "/r", "🚀".repeat(130) + "/r");

        assertThat(names.get(0)).hasSize(255).startsWith("...ddd").endsWith("d/r");
        assertThat(names.get(1)).hasSize(255).startsWith("...🚀").endsWith("🚀/r");
    }

    private static List<String> names(String... paths) {
        OutputNames names = OutputNames.of(List.of(paths));
        return List.of(paths).stream().map(names::manifestName).toList();
    }
}
