package dev.errand;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.fasterxml.uuid.UUIDClock;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;

/**
 * Where the ids of tasks, runs and artifacts come from. Thread-safe; an id is never handed out
 * twice.
 */
public interface IdSource {

    /** An id whose order is that of time, with an unpredictable rest (contract A1: version 7). */
    UUID next();

    /** An id that says nothing at all (contract H2). */
    UUID nextRandom();

    /**
     * Ids from a clock and a source of randomness, which must be unpredictable outside tests:
     * knowing an id must not help to guess another.
     */
    static IdSource of(Clock clock, Random random) {
        UUIDClock millis =
                new UUIDClock() {
                    @Override
                    public long currentTimeMillis() {
                        return clock.millis();
                    }
                };
        // One a thread, since a generator locks itself; what makes ids different is the randomness.
        ThreadLocal<NoArgGenerator> timeOrdered =
                ThreadLocal.withInitial(
                        () -> Generators.timeBasedEpochRandomGenerator(random, millis));
        NoArgGenerator plain = Generators.randomBasedGenerator(random);
        return new IdSource() {
            @Override
            public UUID next() {
                return timeOrdered.get().generate();
            }

            @Override
            public UUID nextRandom() {
                return plain.generate();
            }
        };
    }
}
