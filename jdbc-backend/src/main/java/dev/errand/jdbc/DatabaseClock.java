package dev.errand.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * The database's time, told without a round trip: this machine's clock and how far it was off the
 * database's when that was last asked, which is done again after a while by whoever comes then. So
 * all nodes of one database agree, whatever their own clocks show. Thread-safe.
 */
final class DatabaseClock extends Clock {

    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(30);

    private final Database database;
    private final ZoneId zone;
    private volatile Offset offset;

    /** How far the database is ahead, and when that was found, by {@link System#nanoTime()}. */
    private record Offset(Duration ahead, long measuredAt) {
        boolean isOld() {
            return System.nanoTime() - measuredAt > REFRESH_INTERVAL.toNanos();
        }
    }

    DatabaseClock(Database database) {
        this(database, ZoneOffset.UTC, null);
    }

    private DatabaseClock(Database database, ZoneId zone, Offset offset) {
        this.database = database;
        this.zone = Objects.requireNonNull(zone, "zone");
        this.offset = offset;
    }

    @Override
    public Instant instant() {
        Offset latest = offset;
        if (latest == null || latest.isOld()) {
            latest = offset();
            offset = latest;
        }
        return Instant.now().plus(latest.ahead());
    }

    /** Takes the database's time to be that of the middle of asking for it. */
    private Offset offset() {
        return database.read(
                "Clock",
                session -> {
                    Instant before = Instant.now();
                    Instant there =
                            session.statement(database.dialect().currentTime())
                                    .findOne(ResultRow::time)
                                    .orElseThrow();
                    Instant after = Instant.now();
                    Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
                    return new Offset(Duration.between(middle, there), System.nanoTime());
                });
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
