package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parsing proc(5) files. */
class LinuxProcessTableTest {

    @Test
    void programNameMayContainAnyCharacter() {
        assertThat(LinuxProcessTable.parse("12 (a) R 1 (b) S 3 4 5 6 7"))
                .hasValue(new ProcessInfo(12, 3, 5));
        assertThat(LinuxProcessTable.parse("12 (sh) S 3 4 5 6"))
                .hasValue(new ProcessInfo(12, 3, 5));
    }

    @Test
    void zombiesAreOmitted() {
        assertThat(LinuxProcessTable.parse("12 (sh) Z 3 4 5 6")).isEmpty();
        assertThat(LinuxProcessTable.parse("12 (sh) X 3 4 5 6")).isEmpty();
        assertThat(LinuxProcessTable.parse("")).isEmpty();
    }

    @Test
    void thisProcessIsListed() {
        long pid = ProcessHandle.current().pid();

        assertThat(new LinuxProcessTable().processes()).extracting(ProcessInfo::pid).contains(pid);
    }

    @Test
    void markMatchesCompleteEntriesOnly() {
        SandboxMark mark = new SandboxMark(List.of("RUN=1", "ATTEMPT=2"));

        assertThat(mark.isIn(bytes("RUN=1\0A=b\0ATTEMPT=2\0"))).isTrue();
        assertThat(mark.isIn(bytes("RUN=1\0A=b\0ATTEMPT=22\0"))).isFalse();
        assertThat(mark.isIn(bytes("OTHER_RUN=1\0ATTEMPT=2\0"))).isFalse();
        assertThat(mark.isIn(bytes(""))).isFalse();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
