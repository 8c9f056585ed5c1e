package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Timestamps;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.TaskWithLatestRun;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Stores logs as segments of lines, each written once. An append locks the row that holds the end
 * of the log, so segments have no gaps, and no reader sees a later one before an earlier one.
 *
 * <p>The cost of an append depends only on its own entries: duplicate event ids are found by their
 * digest in an index that covers only the last entries.
 */
final class JdbcRunLog implements RunLog {

    private static final String PORT = "RunLog";

    private static final int MAX_ENTRIES_PER_SEGMENT = 500;
    private static final int MAX_CHARACTERS_PER_SEGMENT = 256 * 1024;

    /** The most event ids that an append deletes, beyond the number that it adds. */
    private static final int FORGOTTEN_PER_APPEND = 64;

    /** The number of segments read at a time, about two megabytes at most. */
    private static final int SEGMENTS_PER_READ = 8;

    private static final int MAX_ATTEMPTS = 3;

    private static final char LINE_END = '\n';

    private final Database database;
    private final IdempotencyTable idempotency;
    private final Clock clock;
    private final String attempt;
    private final String lastAppendedAt;
    private final String begin;
    private final String lock;
    private final String known;
    private final String append;
    private final String remember;
    private final String forget;
    private final String move;
    private final String read;

    JdbcRunLog(Database database, IdempotencyTable idempotency, Clock clock) {
        this.database = database;
        this.idempotency = idempotency;
        this.clock = clock;
        Dialect dialect = database.dialect();
        attempt =
                database.sql(
                        """
                        select attempt from errand_run
                        where project_id = ? and task_id = ? and id = ?"""
                                + dialect.lockAgainstChanges());
        lastAppendedAt =
                database.sql(
                        "select appended_at from errand_log where project_id = ? and run_id = ?");
        begin =
                database.sql(
                        dialect.insertIfAbsent(
                                """
                                insert into errand_log (project_id, run_id, last_position)
                                values (?, ?, 0)""",
                                "project_id, run_id"));
        lock =
                database.sql(
                        """
                        select last_position from errand_log
                        where project_id = ? and run_id = ? for update""");
        known =
                database.sql(
                        """
                        select event, position from errand_log_event
                        where project_id = ? and run_id = ? and event = any(?)
                            and position > ?""");
        append =
                database.sql(
                        """
                        insert into errand_log_segment
                            (project_id, run_id, first_position, last_position, entries)
                        values (?, ?, ?, ?, ?)""");
        remember =
                database.sql(
                        dialect.upsert(
                                """
                                insert into errand_log_event (project_id, run_id, event, position) \
                                values (?, ?, ?, ?)""",
                                "project_id, run_id, event",
                                "position"));
        forget =
                database.sql(
                        """
                        delete from errand_log_event
                        where project_id = ? and run_id = ? and position in (
                            select position from errand_log_event
                            where project_id = ? and run_id = ? and position <= ?
                            order by position limit ?)""");
        move =
                database.sql(
                        """
                        update errand_log set last_position = ?, appended_at = ?
                        where project_id = ? and run_id = ?""");
        read =
                database.sql(
                        """
                        select first_position, last_position, entries from errand_log_segment
                        where project_id = ? and run_id = ? and last_position > ?
                        order by last_position limit ?""");
    }

    @Override
    public AppendResult append(
            ProjectId project,
            RunId run,
            Optional<SandboxId> writer,
            List<LogEntry> entries,
            Optional<Idempotency> key) {
        return append(new Append(project, run, writer, entries, clock.instant()), key);
    }

    /** The entries to append, and the execution that appends them, if any. */
    private record Append(
            ProjectId project,
            RunId run,
            Optional<SandboxId> by,
            List<LogEntry> entries,
            Instant at) {

        Append withoutEntries() {
            return new Append(project, run, by, List.of(), at);
        }
    }

    private AppendResult append(Append append, Optional<Idempotency> key) {
        return key.isPresent()
                ? idempotency.execute(PORT, append.project(), key.get(), new KeyedAppend(append))
                : database.inTransaction(PORT, session -> append(session, append));
    }

    private AppendResult append(SqlSession session, Append append) throws SQLException {
        ProjectId project = append.project();
        RunId run = append.run();
        List<LogEntry> entries = append.entries();
        long end = lock(session, project, run);
        if (append.by().isPresent() && !isLatest(session, project, append.by().get())) {
            return session.rollBackAndReturn(new Superseded());
        }
        Map<UUID, Long> events = knownEvents(session, project, run, entries, end);
        Set<UUID> before = new HashSet<>(events.keySet());
        List<JsonText> lines = new ArrayList<>();
        for (LogEntry entry : entries) {
            long position = end + lines.size() + 1;
            if (entry.eventId().isPresent()) {
                UUID event = digest(entry.eventId().get());
                Long earlier = events.get(event);
                if (earlier != null && earlier >= position - EVENT_ID_WINDOW) {
                    continue;
                }
                events.put(event, position);
            }
            lines.add(entry.json());
        }
        if (!lines.isEmpty()) {
            write(session, project, run, end, lines);
            remember(session, project, run, events, end);
            forget(session, append, end + lines.size(), events.size() - before.size());
        }
        return new Appended(lines.size(), end + lines.size());
    }

    /**
     * Returns whether the execution is the run's latest. Locks the run, so that this holds until
     * the transaction ends.
     */
    private boolean isLatest(SqlSession session, ProjectId project, SandboxId by)
            throws SQLException {
        return session.statement(attempt)
                .project(project)
                .id(by.task().value())
                .id(by.run().value())
                .findOne(row -> row.number("attempt"))
                .equals(Optional.of((long) by.attempt()));
    }

    private long lock(SqlSession session, ProjectId project, RunId run) throws SQLException {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Optional<Long> end =
                    session.statement(lock)
                            .project(project)
                            .id(run.value())
                            .findOne(row -> row.number("last_position"));
            if (end.isPresent()) {
                return end.get();
            }
            SqlSession.insertIfAbsent(session.statement(begin).project(project).id(run.value()));
        }
        throw BackendException.retryable(
                PORT,
                "the log of run "
                        + run
                        + " is not visible to this transaction; retry in a new transaction");
    }

    /** Returns the positions of those events that are among the last entries. */
    private Map<UUID, Long> knownEvents(
            SqlSession session, ProjectId project, RunId run, List<LogEntry> entries, long end)
            throws SQLException {
        List<UUID> digests =
                entries.stream()
                        .flatMap(entry -> entry.eventId().stream())
                        .map(JdbcRunLog::digest)
                        .distinct()
                        .toList();
        Map<UUID, Long> events = new LinkedHashMap<>();
        if (!digests.isEmpty()) {
            session.statement(known)
                    .project(project)
                    .id(run.value())
                    .ids(digests)
                    .number(end - EVENT_ID_WINDOW)
                    .list(row -> events.put(row.id("event"), row.number("position")));
        }
        return events;
    }

    private void write(
            SqlSession session, ProjectId project, RunId run, long end, List<JsonText> lines)
            throws SQLException {
        SqlStatement statement = session.statement(append);
        int from = 0;
        while (from < lines.size()) {
            int to = endOfSegment(lines, from);
            StringBuilder text = new StringBuilder();
            for (int i = from; i < to; i++) {
                text.append(i == from ? "" : LINE_END).append(lines.get(i).text());
            }
            statement
                    .project(project)
                    .id(run.value())
                    .number(end + from + 1)
                    .number(end + to)
                    .text(text.toString())
                    .addBatch();
            from = to;
        }
        statement.executeBatch();
    }

    /** A line that contains a line break gets a segment of its own. */
    private static int endOfSegment(List<JsonText> lines, int from) {
        int to = from;
        int characters = 0;
        while (to < lines.size() && to - from < MAX_ENTRIES_PER_SEGMENT) {
            String line = lines.get(to).text();
            boolean alone = line.indexOf(LINE_END) >= 0;
            characters += line.length();
            if (to > from && (alone || characters > MAX_CHARACTERS_PER_SEGMENT)) {
                break;
            }
            to++;
            if (alone) {
                break;
            }
        }
        return to;
    }

    private void remember(
            SqlSession session, ProjectId project, RunId run, Map<UUID, Long> events, long end)
            throws SQLException {
        SqlStatement statement = null;
        for (Map.Entry<UUID, Long> event : events.entrySet()) {
            if (event.getValue() > end) {
                statement = statement == null ? session.statement(remember) : statement;
                statement
                        .project(project)
                        .id(run.value())
                        .id(event.getKey())
                        .number(event.getValue())
                        .addBatch();
            }
        }
        if (statement != null) {
            statement.executeBatch();
        }
    }

    private void forget(SqlSession session, Append append, long end, int added)
            throws SQLException {
        ProjectId project = append.project();
        RunId run = append.run();
        session.statement(move)
                .number(end)
                .time(Timestamps.truncate(append.at()))
                .project(project)
                .id(run.value())
                .updateOne();
        if (end > EVENT_ID_WINDOW) {
            session.statement(forget)
                    .project(project)
                    .id(run.value())
                    .project(project)
                    .id(run.value())
                    .number(end - EVENT_ID_WINDOW)
                    .number((long) added + FORGOTTEN_PER_APPEND)
                    .update();
        }
    }

    /** A stored segment. */
    private record Segment(long first, long last, String entries) {
        List<StoredLogEntry> lines() {
            if (first == last) {
                return List.of(new StoredLogEntry(first, JsonText.of(entries)));
            }
            List<StoredLogEntry> lines = new ArrayList<>();
            int from = 0;
            for (long position = first; position <= last; position++) {
                int to = entries.indexOf(LINE_END, from);
                String line = to < 0 ? entries.substring(from) : entries.substring(from, to);
                lines.add(new StoredLogEntry(position, JsonText.of(line)));
                from = to + 1;
            }
            return lines;
        }
    }

    @Override
    public Optional<Instant> lastAppendedAt(ProjectId project, RunId run) {
        return database.read(
                PORT,
                session ->
                        session
                                .statement(lastAppendedAt)
                                .project(project)
                                .id(run.value())
                                .list(row -> row.optionalTime("appended_at"))
                                .stream()
                                .flatMap(Optional::stream)
                                .findFirst());
    }

    @Override
    public List<StoredLogEntry> read(ProjectId project, RunId run, long after, int max) {
        List<StoredLogEntry> lines = new ArrayList<>();
        long position = after;
        List<Segment> segments;
        do {
            segments = segments(project, run, position);
            for (Segment segment : segments) {
                for (StoredLogEntry line : segment.lines()) {
                    if (line.position() > position && lines.size() < max) {
                        lines.add(line);
                    }
                }
                position = segment.last();
            }
        } while (segments.size() == SEGMENTS_PER_READ && lines.size() < max);
        return List.copyOf(lines);
    }

    private List<Segment> segments(ProjectId project, RunId run, long after) {
        return database.read(
                PORT,
                session ->
                        session.statement(read)
                                .project(project)
                                .id(run.value())
                                .number(after)
                                .number(SEGMENTS_PER_READ)
                                .list(row -> new Segment(
                                                row.number("first_position"),
                                                row.number("last_position"),
                                                row.text("entries"))));
    }

    /** Returns a digest of an event id, which may have any length. */
    private static UUID digest(String eventId) {
        ByteBuffer digest = ByteBuffer.wrap(IdempotencyTable.sha256(eventId));
        return new UUID(digest.getLong(), digest.getLong());
    }

    /** An append with an idempotency key. */
    private final class KeyedAppend implements IdempotencyTable.KeyedOperation<AppendResult> {
        private final Append append;

        KeyedAppend(Append append) {
            this.append = append;
        }

        @Override
        public IdempotencyTable.Kind kind() {
            return IdempotencyTable.Kind.LOG;
        }

        @Override
        public AppendResult perform(SqlSession session, Instant now) throws SQLException {
            return append(session, append);
        }

        @Override
        public Optional<TaskWithLatestRun> payload(AppendResult answer) {
            return Optional.empty();
        }

        /** The entries are already stored; the current end of the log is a valid answer. */
        @Override
        public AppendResult replay(SqlSession session, IdempotencyTable.StoredAnswer first)
                throws SQLException {
            return append(session, append.withoutEntries());
        }

        @Override
        public AppendResult conflict() {
            return new KeyConflict();
        }
    }
}
