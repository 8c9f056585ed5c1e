package dev.errand.http;

import dev.errand.run.Runs;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.StoredLogEntry;
import dev.errand.spi.task.TaskId;
import java.io.IOException;
import java.util.List;

/** Walks through the log of a run, holding one page of it at a time (contract J7). */
final class LogPages {

    private LogPages() {}

    /**
     * Shows a visitor every entry after a position, oldest first, until it has seen enough.
     *
     * @throws IOException if the visitor does
     */
    static void read(Runs runs, TaskId task, RunId run, long after, Visitor visitor)
            throws IOException {
        long position = after;
        List<StoredLogEntry> page;
        do {
            page = runs.readLog(task, run, position, Limits.LOG_PAGE);
            for (StoredLogEntry line : page) {
                if (!visitor.wantsMoreAfter(line)) {
                    return;
                }
                position = line.position();
            }
        } while (page.size() == Limits.LOG_PAGE);
    }

    /** Sees the entries of a log. */
    @FunctionalInterface
    interface Visitor {

        /** Sees an entry, and says whether it wants the next. */
        boolean wantsMoreAfter(StoredLogEntry line) throws IOException;
    }
}
