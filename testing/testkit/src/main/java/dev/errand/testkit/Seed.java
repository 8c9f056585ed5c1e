package dev.errand.testkit;

import dev.errand.config.IdGenerator;
import java.util.Random;

/**
 * One number from which all chance of a test comes: with the same seed, clock and calls, the same
 * ids, tokens and delays. Never for anything but tests: who knows the seed knows the tokens.
 */
public final class Seed {

    private final long value;
    private final Random random;

    private Seed(long value) {
        this.value = value;
        this.random = new Random(value);
    }

    /** The seed with this number. */
    public static Seed of(long value) {
        return new Seed(value);
    }

    /** The chance of it, for {@code Errand.Builder.random}; the same object each time. */
    public Random random() {
        return random;
    }

    /** Ids from it, for {@code Errand.Builder.ids}. */
    public IdGenerator ids() {
        return IdGenerator.of(random);
    }

    /** Names the number, so that a failure can be repeated. */
    @Override
    public String toString() {
        return "seed " + value;
    }
}
