package dev.errand.http;

import dev.errand.run.Runs;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.task.TaskId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A page of the matching entries of a run's log (docs/wire/logs.md#i8). The log is read twice:
 * first to count, because the counts are headers, then to write the page without holding it in
 * memory.
 */
final class SessionLog {

    private final Runs runs;
    private final TaskId task;
    private final RunId run;
    private final SessionLogQuery query;
    private final LogEntryFilter filter;
    private long total;
    private long matching;
    private long first;
    private long last;

    private SessionLog(Runs runs, TaskId task, RunId run, SessionLogQuery query) {
        this.runs = runs;
        this.task = task;
        this.run = run;
        this.query = query;
        this.filter = new LogEntryFilter(query);
    }

    /** Counts the entries and locates the page. */
    static SessionLog read(Runs runs, TaskId task, RunId run, SessionLogQuery query) {
        SessionLog log = new SessionLog(runs, task, run, query);
        try {
            LogPages.read(runs, task, run, 0, log::count);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return log;
    }

    /** Returns the number of entries. */
    long total() {
        return total;
    }

    /** Returns the number of matching entries. */
    long matching() {
        return matching;
    }

    /** Whether matching entries follow the page. */
    boolean hasMore() {
        return matching - query.limit() > query.offset();
    }

    /** Writes the page as a JSON list. */
    void writeTo(OutputStream out) throws IOException {
        out.write('[');
        if (first > 0) {
            LogPages.read(runs, task, run, first - 1, line -> writeTo(out, line));
        }
        out.write(']');
    }

    private boolean writeTo(OutputStream out, StoredLogEntry line) throws IOException {
        if (filter.accepts(line.json())) {
            if (line.position() > first) {
                out.write(',');
            }
            out.write(line.json().text().getBytes(StandardCharsets.UTF_8));
        }
        return line.position() < last;
    }

    private boolean count(StoredLogEntry line) {
        total++;
        if (filter.accepts(line.json())) {
            long index = matching++;
            if (index == query.offset()) {
                first = line.position();
            }
            if (index >= query.offset() && index - query.offset() < query.limit()) {
                last = line.position();
            }
        }
        return true;
    }
}
