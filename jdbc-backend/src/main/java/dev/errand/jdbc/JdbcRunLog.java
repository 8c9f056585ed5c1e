package dev.errand.jdbc;

import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Timestamps;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.run.LogEntry;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.run.StoredLogEntry;
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
 * The logs: segments of lines, each written once. Whoever appends holds the row that says where the
 * log ends, so segments have no gaps and no reader sees a later one before an earlier one.
 *
 * <p>An append costs what its entries cost: an event id is looked up by its digest in an index that
 * only knows the last entries.
 */
final class JdbcRunLog implements RunLog {

    private static final String PORT = "RunLog";

    private static final int MAX_ENTRIES_PER_SEGMENT = 500;
    private static final int MAX_CHARACTERS_PER_SEGMENT = 256 * 1024;

    /** How many event ids an append forgets at most, beyond as many as it adds. */
    private static final int FORGOTTEN_PER_APPEND = 64;

    /** How many segments a read takes at a time; they hold about two megabytes at most. */
    private static final int SEGMENTS_PER_READ = 8;

    private static final char LINE_END = '\n';

    private final Database database;
    private final Answers answers;
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

    JdbcRunLog(Database database, Answers answers, Clock clock) {
        this.database = database;
        this.answers = answers;
        this.clock = clock;
        Dialect dialect = database.dialect();
        attempt =
                database.sql(
                        """
                        select attempt from errand_run
                        where project_id = ? and task_id = ? and id = ?"""
                                + dialect.keepingUnchanged());
        lastAppendedAt =
                database.sql(
                        "select appended_at from errand_log where project_id = ? and run_id = ?");
        begin =
                database.sql(
                        dialect.insertUnlessPresent(
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
                        dialect.replace(
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
        return append(new Appending(project, run, writer, entries, clock.instant()), key);
    }

    /** What is to be appended, and by which execution, if it is one's. */
    private record Appending(
            ProjectId project,
            RunId run,
            Optional<SandboxId> by,
            List<LogEntry> entries,
            Instant at) {

        Appending nothing() {
            return new Appending(project, run, by, List.of(), at);
        }
    }

    private AppendResult append(Appending appending, Optional<Idempotency> key) {
        return key.isPresent()
                ? answers.once(PORT, appending.project(), key.get(), new KeyedAppend(appending))
                : database.together(PORT, session -> append(session, appending));
    }

    private AppendResult append(Session session, Appending appending) throws SQLException {
        ProjectId project = appending.project();
        RunId run = appending.run();
        List<LogEntry> entries = appending.entries();
        long end = lock(session, project, run);
        if (appending.by().isPresent() && !isLatest(session, project, appending.by().get())) {
            return session.refuse(new Superseded());
        }
        Map<UUID, Long> events = knownEvents(session, project, run, entries, end);
        Set<UUID> before = new HashSet<>(events.keySet());
        List<JsonText> lines = new ArrayList<>();
        for (LogEntry entry : entries) {
            long position = end + lines.size() + 1;
            if (entry.eventId().isPresent()) {
                UUID event = digest(entry.eventId().get());
                Long earlier = events.get(event);
                if (earlier != null && earlier >= position - REMEMBERED_EVENT_IDS) {
                    continue;
                }
                events.put(event, position);
            }
            lines.add(entry.json());
        }
        if (!lines.isEmpty()) {
            write(session, project, run, end, lines);
            remember(session, project, run, events, end);
            forget(session, appending, end + lines.size(), events.size() - before.size());
        }
        return new Appended(lines.size(), end + lines.size());
    }

    /** Whether the execution is the run's latest, and stays so until the entries stand. */
    private boolean isLatest(Session session, ProjectId project, SandboxId by) throws SQLException {
        return session.call(attempt)
                .project(project)
                .id(by.task().value())
                .id(by.run().value())
                .one(Row::number)
                .equals(Optional.of((long) by.attempt()));
    }

    private long lock(Session session, ProjectId project, RunId run) throws SQLException {
        while (true) {
            Optional<Long> end =
                    session.call(lock).project(project).id(run.value()).one(Row::number);
            if (end.isPresent()) {
                return end.get();
            }
            Session.insertUnlessPresent(session.call(begin).project(project).id(run.value()));
        }
    }

    /** The positions of those events that the last entries have. */
    private Map<UUID, Long> knownEvents(
            Session session, ProjectId project, RunId run, List<LogEntry> entries, long end)
            throws SQLException {
        List<UUID> asked =
                entries.stream()
                        .flatMap(entry -> entry.eventId().stream())
                        .map(JdbcRunLog::digest)
                        .distinct()
                        .toList();
        Map<UUID, Long> events = new LinkedHashMap<>();
        if (!asked.isEmpty()) {
            session.call(known)
                    .project(project)
                    .id(run.value())
                    .ids(asked)
                    .number(end - REMEMBERED_EVENT_IDS)
                    .list(row -> events.put(row.id(), row.number()));
        }
        return events;
    }

    private void write(
            Session session, ProjectId project, RunId run, long end, List<JsonText> lines)
            throws SQLException {
        Call call = session.call(append);
        int from = 0;
        while (from < lines.size()) {
            int to = endOfSegment(lines, from);
            StringBuilder text = new StringBuilder();
            for (int i = from; i < to; i++) {
                text.append(i == from ? "" : LINE_END).append(lines.get(i).text());
            }
            call.project(project)
                    .id(run.value())
                    .number(end + from + 1)
                    .number(end + to)
                    .text(text.toString())
                    .next();
            from = to;
        }
        call.executeAll();
    }

    /** A line with a line end in it, which nobody promised, has a segment of its own. */
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
            Session session, ProjectId project, RunId run, Map<UUID, Long> events, long end)
            throws SQLException {
        Call call = null;
        for (Map.Entry<UUID, Long> event : events.entrySet()) {
            if (event.getValue() > end) {
                call = call == null ? session.call(remember) : call;
                call.project(project)
                        .id(run.value())
                        .id(event.getKey())
                        .number(event.getValue())
                        .next();
            }
        }
        if (call != null) {
            call.executeAll();
        }
    }

    private void forget(Session session, Appending appending, long end, int added)
            throws SQLException {
        ProjectId project = appending.project();
        RunId run = appending.run();
        session.call(move)
                .number(end)
                .time(Timestamps.truncate(appending.at()))
                .project(project)
                .id(run.value())
                .execute();
        if (end > REMEMBERED_EVENT_IDS) {
            session.call(forget)
                    .project(project)
                    .id(run.value())
                    .project(project)
                    .id(run.value())
                    .number(end - REMEMBERED_EVENT_IDS)
                    .number((long) added + FORGOTTEN_PER_APPEND)
                    .executeMany();
        }
    }

    /** A segment that was read: where it begins, and its lines. */
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
        return database.reading(
                PORT,
                session ->
                        session
                                .call(lastAppendedAt)
                                .project(project)
                                .id(run.value())
                                .list(Row::timeOrNothing)
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
        return database.reading(
                PORT,
                session ->
                        session.call(read)
                                .project(project)
                                .id(run.value())
                                .number(after)
                                .number(SEGMENTS_PER_READ)
                                .list(row -> new Segment(row.number(), row.number(), row.text())));
    }

    /** A digest of an event id, which may be of any length. */
    private static UUID digest(String eventId) {
        ByteBuffer digest = ByteBuffer.wrap(Answers.sha256(eventId));
        return new UUID(digest.getLong(), digest.getLong());
    }

    /** An append that its client may repeat. */
    private final class KeyedAppend implements Answers.Request<AppendResult> {
        private final Appending appending;

        KeyedAppend(Appending appending) {
            this.appending = appending;
        }

        @Override
        public Answers.Kind kind() {
            return Answers.Kind.LOG;
        }

        @Override
        public AppendResult effect(Session session, Instant now) throws SQLException {
            return append(session, appending);
        }

        @Override
        public Optional<byte[]> payload(AppendResult answer) {
            return Optional.empty();
        }

        /** The entries stood before; where the log ends by now is as good an answer. */
        @Override
        public AppendResult repeated(Session session, Answers.First first) throws SQLException {
            return append(session, appending.nothing());
        }

        @Override
        public AppendResult conflict() {
            return new KeyConflict();
        }
    }
}
