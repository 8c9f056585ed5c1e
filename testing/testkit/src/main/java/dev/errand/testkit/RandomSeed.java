package dev.errand.testkit;

import dev.errand.config.IdGenerator;
import java.util.Random;

/**
 * The source of all randomness in a test. With the same seed, clock and sequence of calls, an
 * engine creates the same ids, tokens and delays. Not for production use: tokens are predictable.
 */
public final class RandomSeed {

    private final long value;
    private final Random random;

    private RandomSeed(long value) {
        this.value = value;
        this.random = new Random(value);
    }

    /** Creates a seed from a number. */
    public static RandomSeed of(long value) {
        return new RandomSeed(value);
    }

    /**
     * Returns the random number generator for {@code Errand.Builder.random}; always the same
     * object.
     */
    public Random random() {
        return random;
    }

    /** Returns an id generator for {@code Errand.Builder.ids}. */
    public IdGenerator ids() {
        return IdGenerator.of(random);
    }

    /** Returns a text with the number, so that a failure can be reproduced. */
    @Override
    public String toString() {
        return "seed " + value;
    }
}
