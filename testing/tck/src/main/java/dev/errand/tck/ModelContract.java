package dev.errand.tck;

import dev.errand.spi.store.Backend;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random histories of a storage, told to its two nodes by turns, against a model that fits on a
 * page: every answer is the one that the model expects, and in the end the storage holds what the
 * model holds. So docs/invariants.md#i1 to #i6, #i9 are kept by every sequence of operations.
 *
 * <p>A history is made by its seed, so every test run plays the same ones. The system properties
 * {@code errand.tck.seed} and {@code errand.tck.histories} choose others, and more.
 */
@ExtendWith(PassedTestCounter.class)
public abstract class ModelContract implements NamedStorage {

    private static final Instant START = Instant.parse("2026-05-06T09:00:00Z");
    private static final long FIRST_SEED = Long.getLong("errand.tck.seed", 0);
    private static final int HISTORIES = Integer.getInteger("errand.tck.histories", 50);

    /** For the backend's test. */
    protected ModelContract() {}

    /** The factory over the storage to be tested; asked once a history. */
    protected abstract BackendFactory factory();

    @Override
    public final String storage() {
        return factory().name();
    }

    /** docs/invariants.md#i1, #i2, #i3, #i4, #i5, #i6, #i9. */
    @Test
    public void randomHistoriesKeepTheInvariants() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            List<Integer> history = RandomHistories.of(seed);
            if (failure(history).isPresent()) {
                List<Integer> shortest =
                        RandomHistories.shortest(history, shorter -> failure(shorter).isPresent());
                Throwable failure = failure(shortest).orElseThrow();
                throw new AssertionError(
                        "seed %d, of which %s is enough: %s"
                                .formatted(seed, shortest, failure.getMessage()),
                        failure);
            }
        }
    }

    /** What a history fails with, over an empty storage. */
    private Optional<Throwable> failure(List<Integer> history) {
        BackendFactory factory = factory();
        factory.reset();
        TestClock clock = TestClock.at(START);
        try (Backend node = factory.open(clock);
                Backend otherNode = factory.open(clock)) {
            ModelHistory model = new ModelHistory(clock, List.of(node, otherNode));
            history.forEach(model::step);
            model.verifyEverything();
            return Optional.empty();
        } catch (RuntimeException | AssertionError failure) {
            return Optional.of(failure);
        } finally {
            factory.reset();
        }
    }
}
