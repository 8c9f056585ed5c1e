package dev.errand.jdbc;

import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Maps queue entries to and from the columns of their rows, without the lease. */
final class QueueColumns {

    private static final Map<String, QueueEntry.Phase> PHASES =
            EnumText.index(QueueEntry.Phase.values());
    private static final Map<String, StopReason> STOP_REASONS = EnumText.index(StopReason.values());

    private QueueColumns() {}

    /** Returns the entry of a row of an outer join, or empty if there is none. */
    static Optional<QueueEntry> readOptional(Row row) throws SQLException {
        return row.optionalText("phase").isEmpty() ? Optional.empty() : Optional.of(read(row));
    }

    static QueueEntry read(Row row) throws SQLException {
        return new QueueEntry(
                EnumText.parse(row.text("phase"), PHASES),
                row.integer("failures"),
                row.time("queued_at"),
                row.time("due_at"),
                row.optionalText("handle"),
                row.optionalText("last_failure"),
                row.optionalText("stop_reason").map(text -> EnumText.parse(text, STOP_REASONS)),
                row.integer("priority"),
                readTimeouts(row));
    }

    private static RunTimeouts readTimeouts(Row row) throws SQLException {
        Optional<Duration> queued = readLimit(row, "queued_limit");
        Optional<Duration> launch = readLimit(row, "launch_limit");
        Optional<Duration> inactivity = readLimit(row, "inactivity_limit");
        Optional<Duration> total = readLimit(row, "total_limit");
        // Most runs have none and share one object.
        return queued.isEmpty() && launch.isEmpty() && inactivity.isEmpty() && total.isEmpty()
                ? RunTimeouts.NONE
                : new RunTimeouts(queued, launch, inactivity, total);
    }

    private static Optional<Duration> readLimit(Row row, String column) throws SQLException {
        return row.optionalNumber(column).map(Duration::ofMillis);
    }

    /**
     * Binds phase, failures, queued_at, due_at, handle, last_failure, stop_reason, priority,
     * queued_limit, launch_limit, inactivity_limit, total_limit.
     */
    static <P extends ParameterBinder<P>> P bind(P binder, QueueEntry entry) throws SQLException {
        return binder.text(EnumText.of(entry.phase()))
                .number(entry.failures())
                .time(entry.queuedAt())
                .time(entry.dueAt())
                .text(entry.handle())
                .text(entry.lastFailure())
                .text(entry.stopReason().map(EnumText::of))
                .number(entry.priority())
                .number(entry.timeouts().queued().map(Duration::toMillis))
                .number(entry.timeouts().launch().map(Duration::toMillis))
                .number(entry.timeouts().inactivity().map(Duration::toMillis))
                .number(entry.timeouts().total().map(Duration::toMillis));
    }

    /**
     * Returns the lease token of a new entry. Each claim adds 1, so that tokens increase over all
     * claims of a run although its entry is deleted in between: each new entry belongs to a new
     * attempt.
     */
    static long firstToken(Run run) {
        return (long) run.attempt() << Integer.SIZE;
    }
}
