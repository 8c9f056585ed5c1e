package dev.errand.http;

import dev.errand.run.Runs;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.LogPage;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.task.TaskId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A page of the matching entries of a run's log (docs/wire/logs.md#i8). The entries are counted
 * first, because the counts are headers; the page is then written without holding it in memory.
 */
final class SessionLog {

    private final Runs runs;
    private final TaskId task;
    private final RunId run;
    private final SessionLogQuery query;
    private final LogPage page;
    private long written;

    private SessionLog(Runs runs, TaskId task, RunId run, SessionLogQuery query, LogPage page) {
        this.runs = runs;
        this.task = task;
        this.run = run;
        this.query = query;
        this.page = page;
    }

    /** Counts the entries and locates the page. */
    static SessionLog find(Runs runs, TaskId task, RunId run, SessionLogQuery query) {
        LogPage page = runs.findLogPage(task, run, query.filter(), query.offset());
        return new SessionLog(runs, task, run, query, page);
    }

    /** Returns the number of entries. */
    long total() {
        return page.total();
    }

    /** Returns the number of matching entries. */
    long matching() {
        return page.matching();
    }

    /** Whether matching entries follow the page. */
    boolean hasMore() {
        return matching() - query.limit() > query.offset();
    }

    /** Writes the page as a JSON list. */
    void writeTo(OutputStream out) throws IOException {
        out.write('[');
        LogPages.read(
                runs, task, run, query.filter(), page.after(), size(), line -> writeTo(out, line));
        out.write(']');
    }

    /**
     * Returns the number of entries of the page; entries appended meanwhile do not belong to it.
     */
    private long size() {
        return Math.min(query.limit(), matching() - query.offset());
    }

    private void writeTo(OutputStream out, StoredLogEntry line) throws IOException {
        if (written++ > 0) {
            out.write(',');
        }
        out.write(line.json().text().getBytes(StandardCharsets.UTF_8));
    }
}
