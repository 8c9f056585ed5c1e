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
     * Passes the entries that a filter selects after a position to a visitor, oldest first, until
     * it returns false.
     *
     * @throws IOException if the visitor throws it
     */
    static void read(
            Runs runs, TaskId task, RunId run, LogFilter filter, long after, Visitor visitor)
            throws IOException {
        long position = after;
        List<StoredLogEntry> page;
        do {
            page = runs.readLog(task, run, filter, position, Limits.LOG_PAGE);
            for (StoredLogEntry line : page) {
                if (!visitor.visit(line)) {
                    return;
                }
                position = line.position();
            }
        } while (page.size() == Limits.LOG_PAGE);
    }

    /** Visits the entries of a log. */
    @FunctionalInterface
    interface Visitor {

        /** Visits an entry; returns whether to continue. */
        boolean visit(StoredLogEntry line) throws IOException;
    }
}
