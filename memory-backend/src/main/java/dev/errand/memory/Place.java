package dev.errand.memory;

import java.time.Instant;
import java.util.UUID;

/**
 * Where something stands in an order by time, equal times decided by the unsigned bits of an id:
 * the order of {@link dev.errand.spi.task.TaskPosition} and {@link dev.errand.spi.run.Run#BY_AGE},
 * on a number instead of an {@link Instant}, because the hottest comparisons are made here.
 */
class Place implements Comparable<Place> {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final long LAST_SECOND = Long.MAX_VALUE / MICROS_PER_SECOND - 1;

    private final long at;
    private final UUID id;

    Place(Instant at, UUID id) {
        this.at = micros(at);
        this.id = id;
    }

    /**
     * The time in whole microseconds since 1970; what is farther away than that can say, is last.
     */
    static long micros(Instant instant) {
        long second = Math.max(-LAST_SECOND, Math.min(LAST_SECOND, instant.getEpochSecond()));
        return second * MICROS_PER_SECOND + instant.getNano() / NANOS_PER_MICRO;
    }

    /** The time, in {@link #micros}. */
    final long at() {
        return at;
    }

    @Override
    public final int compareTo(Place other) {
        int byTime = Long.compare(at, other.at);
        if (byTime != 0) {
            return byTime;
        }
        int byHigh =
                Long.compareUnsigned(
                        id.getMostSignificantBits(), other.id.getMostSignificantBits());
        return byHigh != 0
                ? byHigh
                : Long.compareUnsigned(
                        id.getLeastSignificantBits(), other.id.getLeastSignificantBits());
    }
}
