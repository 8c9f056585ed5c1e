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

    private static final Duration ASKED_EVERY = Duration.ofSeconds(30);

    private final Database database;
    private final ZoneId zone;
    private volatile Measure measure;

    /** How far the database is ahead, and when that was found, by {@link System#nanoTime()}. */
    private record Measure(Duration ahead, long at) {
        boolean isOld() {
            return System.nanoTime() - at > ASKED_EVERY.toNanos();
        }
    }

    DatabaseClock(Database database) {
        this(database, ZoneOffset.UTC, null);
    }

    private DatabaseClock(Database database, ZoneId zone, Measure measure) {
        this.database = database;
        this.zone = Objects.requireNonNull(zone, "zone");
        this.measure = measure;
    }

    @Override
    public Instant instant() {
        Measure latest = measure;
        if (latest == null || latest.isOld()) {
            latest = measure();
            measure = latest;
        }
        return Instant.now().plus(latest.ahead());
    }

    /** Takes the database's time to be that of the middle of asking for it. */
    private Measure measure() {
        return database.reading(
                "Clock",
                session -> {
                    Instant before = Instant.now();
                    Instant there =
                            session.call(database.dialect().now()).one(Row::time).orElseThrow();
                    Instant after = Instant.now();
                    Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
                    return new Measure(Duration.between(middle, there), System.nanoTime());
                });
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new DatabaseClock(database, other, measure);
    }
}
