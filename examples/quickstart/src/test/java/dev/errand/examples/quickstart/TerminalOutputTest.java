package dev.errand.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalOutputTest {

    private static final String ERASE = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void terminalShowsLinesAboveTheProgressLine() {
        TerminalOutput terminal = new TerminalOutput(out, true);

        terminal.progress("working");
        terminal.line("a line");
        terminal.progress("still working");
        terminal.clearProgress();
        terminal.clearProgress();

        String expected = ERASE + "working" + ERASE + "a line\n" + ERASE + "still working" + ERASE;
        assertThat(shown()).isEqualTo(expected);
    }

    @Test
    void nonTerminalShowsOnlyLines() {
        TerminalOutput terminal = new TerminalOutput(out, false);

        terminal.progress("working");
        terminal.line("a line");
        terminal.clearProgress();

        assertThat(shown()).isEqualTo("a line\n");
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
