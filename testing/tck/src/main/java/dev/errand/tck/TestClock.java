package dev.errand.tck;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that changes only when a test sets or advances it. Views in other zones show the same
 * time. Thread-safe.
 */
public final class TestClock extends Clock {

    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    private TestClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = Objects.requireNonNull(zone, "zone");
    }

    /** Returns a clock that shows the given time in UTC. */
    public static TestClock at(Instant start) {
        return new TestClock(
                new AtomicReference<>(Objects.requireNonNull(start, "start")), ZoneOffset.UTC);
    }

    /** Sets the time, which may be earlier than the current one. */
    public void set(Instant time) {
        now.set(Objects.requireNonNull(time, "time"));
    }

    /** Advances the clock and returns the new time. */
    public Instant advance(Duration duration) {
        return now.updateAndGet(before -> before.plus(duration));
    }

    /**
     * Advances the clock by one microsecond, the precision of stored times, and returns the new
     * time.
     */
    public Instant tick() {
        return advance(Duration.of(1, ChronoUnit.MICROS));
    }

    @Override
    public Instant instant() {
        return Objects.requireNonNull(now.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new TestClock(now, other);
    }

    @Override
    public String toString() {
        return "TestClock[" + now.get() + ", " + zone + "]";
    }
}
