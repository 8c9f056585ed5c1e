package dev.errand.config;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/**
 * Where the ids of tasks, runs and artifacts come from. Thread-safe; an id is never handed out
 * twice.
 */
public interface IdGenerator {

    /**
     * An id whose order is that of time, with an unpredictable rest (contract A1: version 7).
     *
     * @param at when what the id is for begins to exist; a time given twice gives two ids
     */
    UUID next(Instant at);

    /** An id that says nothing at all (contract H2). */
    UUID nextRandom();

    /**
     * Ids from a source of randomness, which must be unpredictable outside tests: knowing an id
     * must not help to guess another.
     */
    static IdGenerator of(Random random) {
        // One a thread, since a generator locks itself; what makes ids different is the randomness.
        ThreadLocal<TimeBasedEpochRandomGenerator> timeOrdered =
                ThreadLocal.withInitial(() -> Generators.timeBasedEpochRandomGenerator(random));
        NoArgGenerator plain = Generators.randomBasedGenerator(random);
        return new IdGenerator() {
            @Override
            public UUID next(Instant at) {
                return timeOrdered.get().construct(at.toEpochMilli());
            }

            @Override
            public UUID nextRandom() {
                return plain.generate();
            }
        };
    }
}
