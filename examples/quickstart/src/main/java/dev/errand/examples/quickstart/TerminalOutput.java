package dev.errand.examples.quickstart;

import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

/**
 * Prints lines and, on a terminal, a progress line below them. Control characters in lines are
 * replaced. Thread-safe.
 */
final class TerminalOutput {

    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean isTerminal;
    private boolean showsProgress;

    TerminalOutput(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** Returns whether standard output is a terminal. */
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            // Since Java 22, System.console() also returns a console that is not a terminal.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderJava) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException unknown) {
            return false;
        }
    }

    /** Prints a line, or several lines. */
    synchronized void line(String text) {
        clearProgress();
        for (String line : text.split("\n", -1)) {
            out.println(line.replaceAll("[\\p{Cntrl}&&[^\t]]", "?"));
        }
        out.flush();
    }

    /** Replaces the progress line. Does nothing if the output is not a terminal. */
    synchronized void progress(String text) {
        if (isTerminal) {
            out.print(ERASE_LINE + text);
            out.flush();
            showsProgress = true;
        }
    }

    /** Removes the progress line. */
    synchronized void clearProgress() {
        if (showsProgress) {
            out.print(ERASE_LINE);
            out.flush();
            showsProgress = false;
        }
    }
}
