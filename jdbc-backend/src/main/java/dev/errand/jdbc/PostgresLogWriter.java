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

/**
 * Appends with one statement, which checks the writer, moves the head and inserts the segment.
 *
 * <p>The statement changes nothing if entries may be in the log already, unless the head is still
 * at the position up to which the entries were compared. It then returns the segments of the window
 * in which event ids occur, and the second statement appends the rest at that position. The head is
 * compared after its row has been locked, so the comparison includes concurrent appends.
 */
final class PostgresLogWriter implements LogWriter {

    /** Number of statements before the head is locked to prevent concurrent appends. */
    private static final int OPTIMISTIC_ATTEMPTS = 2;

    /**
     * A statement that does not append locks the head, so the next one sees its last position, and
     * the one after that appends.
     */
    private static final int ATTEMPTS_IN_TRANSACTION = 3;

    /** Ranges of numbers with a longer text are joined. */
    private static final int MAX_CHARACTERS_PER_SOURCE = 200;

    /** No log ends here. */
    private static final long NOT_COMPARED = -1;

    static final String APPEND =
            """
            with writer as (
                select from errand_run
                where project_id = ? and task_id = ? and id = ? and attempt = ?
                for share
            ), without_writer as (
                select from errand_run
                where cast(? as boolean) and project_id = ? and id = ?
                for key share
            ), permitted as (
                select from writer
                union all
                select from without_writer
            ), moved as (
                insert into errand_log as log
                    (project_id, run_id, last_position, appended_at, latest_time,
                    event_numbers)
                select ?, ?, ?, ?, cast(? as timestamptz), cast(? as jsonb)
                from permitted
                on conflict (project_id, run_id) do update set
                    last_position = log.last_position + excluded.last_position,
                    appended_at = excluded.appended_at,
                    latest_time = greatest(log.latest_time, excluded.latest_time),
                    event_numbers = case when (
                            select count(*) from jsonb_object_keys(
                                log.event_numbers || excluded.event_numbers)) <= ?
                        then log.event_numbers || (
                            select coalesce(jsonb_object_agg(source,
                                case when length(cast(numbers as text)) <= ?
                                then cast(numbers as text)
                                else '{' || range_merge(numbers) || '}' end), '{}')
                            from (select key as source,
                                    coalesce(cast(log.event_numbers ->> key
                                        as int8multirange), '{}')
                                    + cast(value as int8multirange) as numbers
                                from jsonb_each_text(excluded.event_numbers)
                            ) as appended) end
                where log.last_position = ?
                    or (cast(? as boolean)
                        and (log.event_numbers is not null
                            or excluded.event_numbers = '{}')
                        and not exists (
                            select from jsonb_each_text(excluded.event_numbers)
                            where cast(log.event_numbers ->> key as int8multirange)
                                && cast(value as int8multirange)))
                returning last_position, latest_time
            ), segment as (
                insert into errand_log_segment
                    (project_id, run_id, first_position, last_position, latest_time,
                    entries, types, times, events)
                select ?, ?, last_position - ?, last_position - ?, latest_time,
                    ?, ?, ?, cast(? as uuid[])
                from moved
            )
            select exists (select from permitted) as is_permitted,
                appended.last_position as appended_to, appended.latest_time,
                head.last_position, repeated.first_position, repeated.events
            from (select (select last_position from moved) as last_position,
                    (select latest_time from moved) as latest_time) as appended
            left join errand_log head on appended.last_position is null
                and head.project_id = ? and head.run_id = ?
            left join lateral (
                select first_position, events from errand_log_segment as segment
                where (select last_position from moved) is null
                    and segment.project_id = head.project_id
                    and segment.run_id = head.run_id
                    and segment.last_position > head.last_position - ?
                    and segment.events && ?
                order by segment.last_position
                limit ?) as repeated on true""";

    private static final String APPEND_SEGMENT =
            """
            insert into errand_log_segment
                (project_id, run_id, first_position, last_position, latest_time,
                entries, types, times, events)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String END =
            """
            select exists (
                    select from errand_run
                    where project_id = ? and task_id = ? and id = ? and attempt = ?)
                or exists (
                    select from errand_run
                    where cast(? as boolean) and project_id = ? and id = ?)
                    as is_permitted,
                (select last_position from errand_log
                    where project_id = ? and run_id = ?) as last_position""";

    private final Database database;

    PostgresLogWriter(Database database) {
        this.database = database;
    }

    @Override
    public AppendResult append(LogAppend append) {
        Optional<AppendResult> result =
                LogSegment.of(append.batch().lines()).size() < append.batch().size()
                        ? Optional.empty()
                        : database.execute(
                                JdbcRunLog.PORT,
                                session -> append(session, append, OPTIMISTIC_ATTEMPTS));
        return result.orElseGet(
                () -> database.inTransaction(JdbcRunLog.PORT, session -> append(session, append)));
    }

    @Override
    public AppendResult append(SqlSession session, LogAppend append) throws SQLException {
        return append(session, append, ATTEMPTS_IN_TRANSACTION)
                .orElseThrow(
                        () ->
                                PortException.retryable(
                                        JdbcRunLog.PORT,
                                        "the log of run "
                                                + append.run()
                                                + " is not visible to this transaction; retry in a"
                                                + " new transaction"));
    }

    /** Returns the result, or empty if other appends came first each time. */
    private Optional<AppendResult> append(SqlSession session, LogAppend append, int attempts)
            throws SQLException {
        if (append.batch().isEmpty()) {
            return Optional.of(end(session, append));
        }
        // Events that were left out are compared again if another append came first.
        List<UUID> events = append.batch().events();
        LogAppend rest = append;
        long compared = NOT_COMPARED;
        for (int attempt = 1; attempt <= attempts; attempt++) {
            List<LogSegment> segments = rest.batch().segments();
            List<Outcome> outcomes =
                    bind(session.statement(APPEND), rest, segments, events, compared)
                            .list(Outcome::of);
            Outcome outcome = outcomes.get(0);
            if (!outcome.isPermitted()) {
                return Optional.of(session.rollBackAndReturn(append.refused()));
            }
            if (outcome.appendedTo().isPresent()) {
                appendOtherSegments(session, rest, segments, outcome);
                int stored = rest.batch().size();
                return Optional.of(new Appended(stored, outcome.appendedTo().get()));
            }
            compared = outcome.end();
            rest = append.withBatch(append.batch().without(positions(outcomes), compared));
            if (rest.batch().isEmpty()) {
                return Optional.of(new Appended(0, compared));
            }
        }
        return Optional.empty();
    }

    /**
     * Binds the parameters of {@link #APPEND}.
     *
     * @param events the digests to compare if entries may be in the log already
     * @param compared the position up to which the entries were compared
     */
    static SqlStatement bind(
            SqlStatement statement,
            LogAppend append,
            List<LogSegment> segments,
            List<UUID> events,
            long compared)
            throws SQLException {
        LogBatch batch = append.batch();
        EventNumbers numbers = EventNumbers.of(batch);
        bindWriter(statement, append)
                .project(append.project())
                .id(append.run().value())
                .number(batch.size())
                .time(Timestamps.truncate(append.at()))
                .time(LogSegment.latest(segments))
                .text(Optional.of(numbers.toJson()).filter(json -> !numbers.hasTooManySources()))
                .number(EventNumbers.MAX_SOURCES)
                .number(MAX_CHARACTERS_PER_SOURCE)
                .number(compared)
                .flag(batch.hasOnlyNumberedEvents() && !numbers.hasTooManySources())
                .project(append.project())
                .id(append.run().value())
                .number(batch.size() - 1L)
                .number((long) batch.size() - segments.get(0).size());
        return segments.get(0)
                .bindTo(statement)
                .project(append.project())
                .id(append.run().value())
                .number(RunLog.EVENT_ID_WINDOW)
                .ids(events)
                .number(RunLog.EVENT_ID_WINDOW);
    }

    /** Binds the parameters that decide whether the append is permitted. */
    private static SqlStatement bindWriter(SqlStatement statement, LogAppend append)
            throws SQLException {
        Optional<SandboxId> writer = append.writer();
        return statement
                .project(append.project())
                .id(writer.map(sandbox -> sandbox.task().value()))
                .id(writer.map(sandbox -> sandbox.run().value()))
                .number(writer.map(sandbox -> (long) sandbox.attempt()))
                .flag(writer.isEmpty())
                .project(append.project())
                .id(append.run().value());
    }

    /** Appends all segments but the first. The lock on the head is held. */
    private void appendOtherSegments(
            SqlSession session, LogAppend append, List<LogSegment> segments, Outcome outcome)
            throws SQLException {
        if (segments.size() == 1) {
            return;
        }
        SqlStatement statement = session.statement(APPEND_SEGMENT);
        long position = outcome.appendedTo().orElseThrow() - append.batch().size();
        for (LogSegment segment : segments) {
            if (segment != segments.get(0)) {
                statement
                        .project(append.project())
                        .id(append.run().value())
                        .number(position + 1)
                        .number(position + segment.size())
                        .time(outcome.latestTime());
                segment.bindTo(statement).addBatch();
            }
            position += segment.size();
        }
        statement.executeBatch();
    }

    private AppendResult end(SqlSession session, LogAppend append) throws SQLException {
        SqlStatement statement = session.statement(END);
        return bindWriter(statement, append)
                .project(append.project())
                .id(append.run().value())
                .<AppendResult>findOne(
                        row ->
                                row.flag("is_permitted")
                                        ? new Appended(
                                                0, row.optionalNumber("last_position").orElse(0L))
                                        : session.rollBackAndReturn(append.refused()))
                .orElseThrow();
    }

    /** A row of the result: a segment with repeated events, or the only row. */
    private record Outcome(
            boolean isPermitted,
            Optional<Long> appendedTo,
            Optional<Instant> latestTime,
            long end,
            long firstPosition,
            List<Optional<UUID>> events) {

        static Outcome of(ResultRow row) throws SQLException {
            return new Outcome(
                    row.flag("is_permitted"),
                    row.optionalNumber("appended_to"),
                    row.optionalTime("latest_time"),
                    row.optionalNumber("last_position").orElse(0L),
                    row.optionalNumber("first_position").orElse(0L),
                    row.ids("events"));
        }
    }

    private static Map<UUID, Long> positions(List<Outcome> outcomes) {
        Map<UUID, Long> positions = new HashMap<>();
        for (Outcome segment : outcomes) {
            for (int i = 0; i < segment.events().size(); i++) {
                long position = segment.firstPosition() + i;
                segment.events().get(i).ifPresent(event -> positions.put(event, position));
            }
        }
        return positions;
    }
}
