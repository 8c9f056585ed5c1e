package dev.errand.http;

import dev.errand.run.Runs;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.task.TaskId;
import java.io.IOException;
import java.util.List;

/** Iterates over the log of a run, one page in memory at a time (docs/wire/guarantees.md#j7). */
final class LogPages {

    private LogPages() {}

    /**
     * Passes the entries that a filter selects after a position to a visitor, oldest first. Reads
     * no entry that it does not pass.
     *
     * @param max maximum number of entries
     * @throws IOException if the visitor throws it
     */
    static void read(
            Runs runs,
            TaskId task,
            RunId run,
            LogFilter filter,
            long after,
            long max,
            Visitor visitor)
            throws IOException {
        long position = after;
        long left = max;
        while (left > 0) {
            int size = (int) Math.min(Limits.LOG_PAGE, left);
            List<StoredLogEntry> page = runs.readLog(task, run, filter, position, size);
            for (StoredLogEntry line : page) {
                visitor.visit(line);
                position = line.position();
            }
            left = page.size() < size ? 0 : left - size;
        }
    }

    /** Visits the entries of a log. */
    @FunctionalInterface
    interface Visitor {

        /** Visits an entry. */
        void visit(StoredLogEntry line) throws IOException;
    }
}
