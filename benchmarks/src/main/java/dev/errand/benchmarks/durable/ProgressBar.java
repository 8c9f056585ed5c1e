package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.util.Locale;

/** A progress bar on one line. Without a terminal only the final state is printed. */
final class ProgressBar {

    private static final int WIDTH = 40;

    private final PrintStream out;
    private final String work;
    private final long total;
    private final long begun = System.nanoTime();

    ProgressBar(PrintStream out, String work, long total) {
        this.out = out;
        this.work = work;
        this.total = total;
    }

    /** Shows the progress. */
    void update(long done) {
        boolean ended = done >= total;
        if (System.console() == null && !ended) {
            return;
        }
        int filled = (int) (WIDTH * done / Math.max(1, total));
        double seconds = (System.nanoTime() - begun) / 1e9;
        out.printf(
                Locale.ROOT,
                "\r%-34s [%s%s] %,d of %,d, %.1f s%s",
                work,
                "#".repeat(filled),
                " ".repeat(WIDTH - filled),
                done,
                total,
                seconds,
                ended ? System.lineSeparator() : "");
        out.flush();
    }
}
