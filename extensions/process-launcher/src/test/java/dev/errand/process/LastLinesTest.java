package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Selecting the last output lines. */
class LastLinesTest {

    private static final List<String> OUTPUT = List.of("o1", "o2", "o3", "o4");
    private static final List<String> ERROR = List.of("e1", "e2", "e3", "e4");

    @Test
    void eachOutputGetsHalfPlusWhatTheOtherLeavesUnused() {
        assertThat(LastLines.merge(OUTPUT, ERROR, 4)).containsExactly("o3", "o4", "e3", "e4");
        assertThat(LastLines.merge(OUTPUT, ERROR, 100)).hasSize(8).startsWith("o1").endsWith("e4");
        assertThat(LastLines.merge(OUTPUT, List.of("e"), 4)).containsExactly("o2", "o3", "o4", "e");
        assertThat(LastLines.merge(List.of("o"), ERROR, 4)).containsExactly("o", "e2", "e3", "e4");
        assertThat(LastLines.merge(List.of(), ERROR, 2)).containsExactly("e3", "e4");
        assertThat(LastLines.merge(OUTPUT, ERROR, 0)).isEmpty();
    }
}
