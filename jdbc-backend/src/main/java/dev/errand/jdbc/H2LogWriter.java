package dev.errand.jdbc;

import dev.errand.spi.PortException;
import dev.errand.spi.Timestamps;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunLog.AppendResult;
import dev.errand.spi.store.RunLog.Appended;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Appends with one statement per table, under a lock on the head of the log. */
final class H2LogWriter implements LogWriter {

    private static final int MAX_ATTEMPTS = 3;

    private static final String LOCK_WRITER =
            """
            select id from errand_run
            where project_id = ? and task_id = ? and id = ? and attempt = ? for update""";

    private static final String LOCK_RUN =
            """
            select id from errand_run
            where project_id = ? and id = ? for update""";

    private static final String LOCK =
            """
            select last_position, latest_time, event_numbers from errand_log
            where project_id = ? and run_id = ? for update""";

    private static final String BEGIN =
            """
            insert into errand_log (project_id, run_id, last_position, event_numbers)
            values (?, ?, 0, array[])""";

    private static final String EVENTS =
            """
            select first_position, events from errand_log_segment
            where project_id = ? and run_id = ? and last_position > ?
                and events is not null
            order by last_position""";

    private static final String APPEND_SEGMENT =
            """
            insert into errand_log_segment
                (project_id, run_id, first_position, last_position, latest_time,
                entries, types, times, events)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String MOVE =
            """
            update errand_log set last_position = ?, appended_at = ?, latest_time = ?,
                event_numbers = ?
            where project_id = ? and run_id = ?""";

    private final Database database;

    H2LogWriter(Database database) {
        this.database = database;
    }

    /**
     * The head of a log.
     *
     * @param numbers the numbered events of the log; empty if they are not recorded
     */
    private record Head(long end, Optional<Instant> latestTime, Optional<EventNumbers> numbers) {

        static Head of(ResultRow row) throws SQLException {
            return new Head(
                    row.number("last_position"),
                    row.optionalTime("latest_time"),
                    row.optionalTexts("event_numbers").map(EventNumbers::parse));
        }

        /** Returns whether all event ids of a batch are new. False if that is not known. */
        boolean precedes(LogBatch batch) {
            return batch.events().isEmpty()
                    || batch.hasOnlyNumberedEvents()
                            && numbers.filter(them -> !them.overlaps(EventNumbers.of(batch)))
                                    .isPresent();
        }

        Head after(LogBatch batch, List<LogSegment> segments) {
            Optional<Instant> latest =
                    LogSegment.latest(segments)
                            .filter(time -> latestTime.filter(time::isBefore).isEmpty())
                            .or(() -> latestTime);
            return new Head(
                    end + batch.size(),
                    latest,
                    numbers.map(them -> them.with(EventNumbers.of(batch)))
                            .filter(them -> !them.hasTooManySources()));
        }
    }

    @Override
    public AppendResult append(LogAppend append) {
        return database.inTransaction(JdbcRunLog.PORT, session -> append(session, append));
    }

    @Override
    public AppendResult append(SqlSession session, LogAppend append) throws SQLException {
        if (!isPermitted(session, append)) {
            return session.rollBackAndReturn(append.refused());
        }
        Head head = lock(session, append);
        LogBatch batch =
                head.precedes(append.batch())
                        ? append.batch()
                        : append.batch().without(positions(session, append, head), head.end());
        if (!batch.isEmpty()) {
            List<LogSegment> segments = batch.segments();
            Head moved = head.after(batch, segments);
            appendSegments(session, append, head.end(), segments, moved);
            move(session, append, moved);
        }
        return new Appended(batch.size(), head.end() + batch.size());
    }

    private Head lock(SqlSession session, LogAppend append) throws SQLException {
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            Optional<Head> head =
                    session.statement(LOCK)
                            .project(append.project())
                            .id(append.run().value())
                            .findOne(Head::of);
            if (head.isPresent()) {
                return head.get();
            }
            SqlSession.insertIfAbsent(
                    session.statement(BEGIN).project(append.project()).id(append.run().value()));
        }
        throw PortException.retryable(
                JdbcRunLog.PORT,
                "the log of run "
                        + append.run()
                        + " is not visible to this transaction; retry in a new transaction");
    }

    /**
     * Locks the run, so that it is not erased and its attempt does not change until the transaction
     * ends. The run is locked before its log, as by those who delete both.
     */
    private boolean isPermitted(SqlSession session, LogAppend append) throws SQLException {
        Optional<SandboxId> writer = append.writer();
        SqlStatement lock =
                writer.isPresent()
                        ? session.statement(LOCK_WRITER)
                                .project(append.project())
                                .id(writer.get().task().value())
                                .id(writer.get().run().value())
                                .number(writer.get().attempt())
                        : session.statement(LOCK_RUN)
                                .project(append.project())
                                .id(append.run().value());
        return lock.findOne(row -> row.id("id")).isPresent();
    }

    private Map<UUID, Long> positions(SqlSession session, LogAppend append, Head head)
            throws SQLException {
        Map<UUID, Long> positions = new HashMap<>();
        session.statement(EVENTS)
                .project(append.project())
                .id(append.run().value())
                .number(head.end() - RunLog.EVENT_ID_WINDOW)
                .list(
                        row -> {
                            long position = row.number("first_position");
                            for (Optional<UUID> event : row.ids("events")) {
                                long at = position++;
                                event.ifPresent(id -> positions.put(id, at));
                            }
                            return position;
                        });
        return positions;
    }

    private void appendSegments(
            SqlSession session, LogAppend append, long end, List<LogSegment> segments, Head moved)
            throws SQLException {
        SqlStatement statement = session.statement(APPEND_SEGMENT);
        long position = end;
        for (LogSegment segment : segments) {
            statement
                    .project(append.project())
                    .id(append.run().value())
                    .number(position + 1)
                    .number(position + segment.size())
                    .time(moved.latestTime());
            segment.bindTo(statement).addBatch();
            position += segment.size();
        }
        statement.executeBatch();
    }

    private void move(SqlSession session, LogAppend append, Head moved) throws SQLException {
        session.statement(MOVE)
                .number(moved.end())
                .time(Timestamps.truncate(append.at()))
                .time(moved.latestTime())
                .texts(moved.numbers().map(EventNumbers::toTexts))
                .project(append.project())
                .id(append.run().value())
                .updateOne();
    }
}
