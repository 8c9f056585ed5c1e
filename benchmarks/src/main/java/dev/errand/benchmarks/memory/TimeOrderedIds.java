package dev.errand.benchmarks.memory;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Generates version 7 UUIDs with fast, insecure randomness. */
final class TimeOrderedIds {

    private static final long VERSION = 0x7000;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private TimeOrderedIds() {}

    static UUID next(Instant now) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = now.toEpochMilli() << 16 | VERSION | random.nextInt() & 0xfff;
        return new UUID(high, VARIANT | random.nextLong() >>> 2);
    }
}
