package dev.errand.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The database's clock, read without a round trip: the local clock plus its offset to the
 * database's clock, which is measured again after a while by the next caller. All nodes of one
 * database therefore agree on the time, whatever their local clocks show. Thread-safe.
 */
final class DatabaseClock extends Clock {

    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(30);

    private static final Duration LONG_ROUND_TRIP = Duration.ofMillis(1);
    private static final int MAX_ROUND_TRIPS = 5;

    private final Database database;
    private final ZoneId zone;
    private volatile @Nullable Offset offset;

    /**
     * The offset of the database to the local clock, and when it was measured ({@link
     * System#nanoTime()}).
     */
    private record Offset(Duration value, long measuredAt) {
        boolean isExpired() {
            return System.nanoTime() - measuredAt > REFRESH_INTERVAL.toNanos();
        }
    }

    DatabaseClock(Database database) {
        this(database, ZoneOffset.UTC, null);
    }

    private DatabaseClock(Database database, ZoneId zone, @Nullable Offset offset) {
        this.database = database;
        this.zone = Objects.requireNonNull(zone, "zone");
        this.offset = offset;
    }

    @Override
    public Instant instant() {
        Offset latest = offset;
        if (latest == null || latest.isExpired()) {
            latest = measureOffset();
            offset = latest;
        }
        return Instant.now().plus(latest.value());
    }

    /**
     * Measures the offset. The shortest of a few round trips counts, since a long one does not show
     * when the database read its clock. A transaction of the host is not used, because the time of
     * H2 stands still in a transaction.
     */
    private Offset measureOffset() {
        return database.readSeparately(
                "Clock",
                session -> {
                    RoundTrip best = roundTrip(session);
                    for (int i = 1; i < MAX_ROUND_TRIPS && best.isLong(); i++) {
                        RoundTrip next = roundTrip(session);
                        best = next.duration().compareTo(best.duration()) < 0 ? next : best;
                    }
                    return new Offset(best.offset(), System.nanoTime());
                });
    }

    /**
     * One measurement.
     *
     * @param duration the time between request and response
     * @param offset the offset, if the database read its clock halfway in between
     */
    private record RoundTrip(Duration duration, Duration offset) {
        boolean isLong() {
            return duration.compareTo(LONG_ROUND_TRIP) > 0;
        }
    }

    private RoundTrip roundTrip(SqlSession session) throws SQLException {
        Instant before = Instant.now();
        Instant there =
                session.statement(database.dialect().currentTime())
                        .findOne(row -> row.time("now"))
                        .orElseThrow();
        Duration duration = Duration.between(before, Instant.now());
        Instant middle = before.plus(duration.dividedBy(2));
        return new RoundTrip(duration, Duration.between(middle, there));
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new DatabaseClock(database, other, offset);
    }
}
