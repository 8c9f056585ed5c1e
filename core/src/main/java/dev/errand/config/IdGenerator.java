package dev.errand.config;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/**
 * Generates the ids of tasks, runs and artifacts. Implementations are thread-safe and never return
 * the same id twice.
 */
public interface IdGenerator {

    /**
     * Returns a time-ordered id with an unpredictable random part (UUID version 7,
     * docs/wire/conventions.md#a1).
     *
     * @param at the creation time of the object
     */
    UUID next(Instant at);

    /** Returns a random id (UUID version 4, docs/wire/artifacts.md#h2). */
    UUID nextRandom();

    /**
     * Returns a generator that uses a source of randomness. The source must be unpredictable
     * outside of tests, so that ids cannot be guessed.
     */
    static IdGenerator of(Random random) {
        // One for each thread, because a generator is synchronized. The random part keeps ids
        // unique.
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
