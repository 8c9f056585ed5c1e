package dev.errand.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private static final String ERASE = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void onATerminalLinesGoAboveTheOneThatMoves() {
        Screen screen = new Screen(out, true);

        screen.move("working");
        screen.line("a line");
        screen.move("still working");
        screen.rest();
        screen.rest();

        String expected = ERASE + "working" + ERASE + "a line\n" + ERASE + "still working" + ERASE;
        assertThat(shown()).isEqualTo(expected);
    }

    @Test
    void elsewhereThereAreOnlyLines() {
        Screen screen = new Screen(out, false);

        screen.move("working");
        screen.line("a line");
        screen.rest();

        assertThat(shown()).isEqualTo("a line\n");
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
