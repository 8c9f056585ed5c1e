package dev.errand.jdbc;

import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.LogPage;
import dev.errand.spi.store.LogSize;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stores logs as segments, each written once. The head of a log has its last position; an append
 * locks it, so segments have no gaps, and no reader sees a later one before an earlier one.
 *
 * <p>The cost of an append does not depend on the length of the log. The head has the ranges of the
 * numbered event ids; see {@link EventNumbers}. Other ids are compared with the digests in those
 * segments that contain the last {@link #EVENT_ID_WINDOW} entries.
 *
 * <p>A segment has the types and times of its entries, so entries are selected without reading
 * them. The latest time of a segment is never before that of an earlier one: entries after a time
 * are found from the end of the log.
 */
final class JdbcRunLog implements RunLog {

    static final String PORT = "RunLog";

    /** The number of segments whose entries are read at a time, about two megabytes at most. */
    private static final int SEGMENTS_PER_READ = 8;

    /** The number of segments whose types and times are read at a time. */
    private static final int SEGMENTS_PER_COUNT = 500;

    private static final String POSTGRES_READ =
            """
            select first_position, last_position, entries, types, times from errand_log_segment
            where project_id = ? and run_id = ? and last_position > ?
                and (cast(? as boolean) or types && ?)
            order by last_position limit ?""";

    // H2 uses the order of the primary key only if all of its columns are named. Otherwise it sorts
    // the rest of the log for each read.
    static final String H2_READ =
            """
            select first_position, last_position, entries, types, times from errand_log_segment
            where project_id = ? and run_id = ? and last_position > ?
            order by project_id, run_id, last_position limit ?""";

    private static final String POSTGRES_COUNT =
            """
            select first_position, last_position, types, times from errand_log_segment
            where project_id = ? and run_id = ? and last_position > ?
                and (cast(? as boolean) or types && ?)
            order by last_position limit ?""";

    static final String H2_COUNT =
            """
            select first_position, last_position, types, times from errand_log_segment
            where project_id = ? and run_id = ? and last_position > ?
            order by project_id, run_id, last_position limit ?""";

    /** The first line of each segment has no separator. */
    private static final String SIZE =
            """
            select coalesce(max(last_position), 0) as entries,
                coalesce(sum(octet_length(entries)), 0) as bytes
            from errand_log_segment
            where project_id = ? and run_id = ?""";

    private static final String HEAD =
            """
            select last_position, appended_at from errand_log
            where project_id = ? and run_id = ?""";

    private static final String LAST_BEFORE =
            """
            select last_position from errand_log_segment
            where project_id = ? and run_id = ? and latest_time <= ?
            order by project_id desc, run_id desc, last_position desc limit 1""";

    private final Database database;
    private final IdempotencyTable idempotency;
    private final Clock clock;
    private final LogWriter writer;
    private final String read;
    private final String count;

    /** Whether the database selects segments by type. */
    private final boolean selectsTypes;

    JdbcRunLog(Database database, IdempotencyTable idempotency, Clock clock) {
        this.database = database;
        this.idempotency = idempotency;
        this.clock = clock;
        writer =
                switch (database.dialect()) {
                    case POSTGRESQL -> new PostgresLogWriter(database);
                    case H2 -> new H2LogWriter(database);
                };
        boolean postgresql = database.dialect() == Dialect.POSTGRESQL;
        selectsTypes = postgresql;
        read = postgresql ? POSTGRES_READ : H2_READ;
        count = postgresql ? POSTGRES_COUNT : H2_COUNT;
    }

    @Override
    public AppendResult append(
            ProjectId project,
            RunId run,
            Optional<SandboxId> sandbox,
            List<LogEntry> entries,
            Optional<Idempotency> key) {
        LogBatch batch = LogBatch.of(entries);
        LogAppend append = new LogAppend(project, run, sandbox, batch, clock.instant());
        return key.isPresent()
                ? idempotency.execute(PORT, project, key.get(), new KeyedAppend(append))
                : writer.append(append);
    }

    @Override
    public Optional<Instant> lastAppendedAt(ProjectId project, RunId run) {
        return database.read(
                PORT,
                session ->
                        session
                                .statement(HEAD)
                                .project(project)
                                .id(run.value())
                                .list(row -> row.optionalTime("appended_at"))
                                .stream()
                                .flatMap(Optional::stream)
                                .findFirst());
    }

    @Override
    public LogSize size(ProjectId project, RunId run) {
        return database.read(
                PORT,
                session ->
                        session.statement(SIZE)
                                .project(project)
                                .id(run.value())
                                .findOne(
                                        row ->
                                                new LogSize(
                                                        row.number("entries"), row.number("bytes")))
                                .orElse(LogSize.EMPTY));
    }

    @Override
    public List<StoredLogEntry> read(
            ProjectId project, RunId run, LogFilter filter, long after, int max) {
        LogFilter stored = LogSegment.storable(filter);
        List<StoredLogEntry> entries = new ArrayList<>();
        long position = Math.max(after, lastIrrelevantPosition(project, run, stored));
        // Without a filter each segment has an entry for the page.
        int perRead = stored.selectsAll() ? Math.min(SEGMENTS_PER_READ, max) : SEGMENTS_PER_READ;
        List<StoredSegment> segments;
        do {
            segments = segments(read, perRead, project, run, stored, position, true);
            for (StoredSegment segment : segments) {
                segment.addTo(entries, stored, position, max);
                position = segment.last();
            }
        } while (segments.size() == perRead && entries.size() < max);
        return List.copyOf(entries);
    }

    @Override
    public LogPage findPage(ProjectId project, RunId run, LogFilter filter, long offset) {
        long total = lastPosition(project, run);
        if (filter.selectsAll()) {
            return new LogPage(total, total, Math.min(offset, total));
        }
        LogFilter stored = LogSegment.storable(filter);
        long matching = 0;
        long after = total;
        long position = lastIrrelevantPosition(project, run, stored);
        List<StoredSegment> segments;
        do {
            segments = segments(count, SEGMENTS_PER_COUNT, project, run, stored, position, false);
            for (StoredSegment segment : segments) {
                for (long at = segment.first(); at <= segment.last() && at <= total; at++) {
                    if (segment.isSelected(at, stored)) {
                        after = matching == offset ? at - 1 : after;
                        matching++;
                    }
                }
                position = segment.last();
            }
        } while (segments.size() == SEGMENTS_PER_COUNT && position < total);
        return new LogPage(total, matching, after);
    }

    private long lastPosition(ProjectId project, RunId run) {
        return database.read(
                PORT,
                session ->
                        session.statement(HEAD)
                                .project(project)
                                .id(run.value())
                                .findOne(row -> row.number("last_position"))
                                .orElse(0L));
    }

    /** Returns a position up to which every entry is too early for the filter. */
    private long lastIrrelevantPosition(ProjectId project, RunId run, LogFilter filter) {
        Optional<Instant> relevant = LogSegment.firstRelevantTime(filter);
        return relevant.isEmpty()
                ? 0
                : database.read(
                        PORT,
                        session ->
                                session.statement(LAST_BEFORE)
                                        .project(project)
                                        .id(run.value())
                                        .time(relevant)
                                        .findOne(row -> row.number("last_position"))
                                        .orElse(0L));
    }

    private List<StoredSegment> segments(
            String query,
            int max,
            ProjectId project,
            RunId run,
            LogFilter filter,
            long after,
            boolean withEntries) {
        return database.read(
                PORT,
                session -> {
                    SqlStatement statement =
                            session.statement(query).project(project).id(run.value()).number(after);
                    if (selectsTypes) {
                        statement.flag(filter.types().isEmpty()).texts(filter.types());
                    }
                    return statement
                            .number(max)
                            .list(row -> StoredSegment.of(row, filter, withEntries));
                });
    }

    /**
     * A stored segment.
     *
     * @param entries the entries, one a line; empty if they were not read
     * @param types the type of each entry; not read if the filter selects all
     * @param times the time of each entry; not read if the filter selects all
     */
    private record StoredSegment(
            long first,
            long last,
            String entries,
            List<Optional<String>> types,
            List<Optional<String>> times) {

        static StoredSegment of(ResultRow row, LogFilter filter, boolean withEntries)
                throws SQLException {
            return new StoredSegment(
                    row.number("first_position"),
                    row.number("last_position"),
                    withEntries ? row.text("entries") : "",
                    filter.selectsAll() ? List.of() : row.texts("types"),
                    filter.after().isEmpty() ? List.of() : row.texts("times"));
        }

        boolean isSelected(long position, LogFilter filter) {
            if (filter.selectsAll()) {
                return true;
            }
            int index = (int) (position - first);
            Optional<Instant> time =
                    times.isEmpty() ? Optional.empty() : times.get(index).map(Instant::parse);
            return filter.selects(types.get(index).orElseThrow(), time);
        }

        void addTo(List<StoredLogEntry> selected, LogFilter filter, long after, int max) {
            int from = 0;
            for (long position = first; position <= last && selected.size() < max; position++) {
                int end = entries.indexOf(LogSegment.LINE_END, from);
                int to = end < 0 || first == last ? entries.length() : end;
                if (position > after && isSelected(position, filter)) {
                    JsonText entry = JsonText.of(entries.substring(from, to));
                    selected.add(new StoredLogEntry(position, entry));
                }
                from = to + 1;
            }
        }
    }

    /** An append with an idempotency key. */
    private final class KeyedAppend implements IdempotencyTable.KeyedOperation<AppendResult> {
        private final LogAppend append;

        KeyedAppend(LogAppend append) {
            this.append = append;
        }

        @Override
        public boolean storesAnswer() {
            return false;
        }

        @Override
        public Optional<TaskId> task() {
            return Optional.empty();
        }

        @Override
        public AppendResult perform(SqlSession session, Instant now) throws SQLException {
            return writer.append(session, append);
        }

        @Override
        public Optional<TaskWithLatestRun> payload(AppendResult answer) {
            return Optional.empty();
        }

        /** The entries are already stored; the current end of the log is a valid answer. */
        @Override
        public AppendResult replay(SqlSession session, IdempotencyTable.StoredAnswer first)
                throws SQLException {
            return writer.append(session, append.withBatch(new LogBatch(List.of())));
        }

        @Override
        public AppendResult conflict() {
            return new KeyConflict();
        }
    }
}
