package dev.errand.examples.quickstart;

import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

/**
 * Lines for people and, on a terminal, one line below them that moves. What others wrote is shown
 * without control characters. Thread-safe.
 */
final class Screen {

    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean isTerminal;
    private boolean moving;

    Screen(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** Whether somebody looks at standard output. */
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            // From Java 22 on there is a console in every case, and it can tell.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderJava) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException unknown) {
            return false;
        }
    }

    /** Writes a line. */
    synchronized void line(String text) {
        rest();
        out.println(text.replaceAll("[\\p{Cntrl}&&[^\t]]", "?"));
        out.flush();
    }

    /** Replaces the line that moves; nothing where there is no terminal. */
    synchronized void move(String text) {
        if (isTerminal) {
            out.print(ERASE_LINE + text);
            out.flush();
            moving = true;
        }
    }

    /** Takes the line that moves away. */
    synchronized void rest() {
        if (moving) {
            out.print(ERASE_LINE);
            out.flush();
            moving = false;
        }
    }
}
