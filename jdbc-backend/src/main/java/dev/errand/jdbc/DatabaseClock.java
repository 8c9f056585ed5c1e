package dev.errand.jdbc;

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
     * Measures the offset, assuming that the database read its clock halfway between request and
     * response. A transaction of the host is not used, because the time of H2 stands still in a
     * transaction.
     */
    private Offset measureOffset() {
        return database.readSeparately(
                "Clock",
                session -> {
                    Instant before = Instant.now();
                    Instant there =
                            session.statement(database.dialect().currentTime())
                                    .findOne(row -> row.time("now"))
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
