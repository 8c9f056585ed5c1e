package dev.errand.tck;

import dev.errand.spi.store.Backend;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Executes random histories alternately on two nodes of a storage and on a simple model. Every
 * result must equal the one that the model predicts, and at the end the storage must contain what
 * the model contains. This tests docs/invariants.md#i1 to #i6 and #i9 for arbitrary sequences of
 * operations.
 *
 * <p>A seed determines a history, and every test run uses the same seeds by default. The system
 * properties {@code errand.tck.seed} and {@code errand.tck.histories} set the first seed and the
 * number of histories.
 */
@ExtendWith(PassedTestCounter.class)
public abstract class ModelContract implements NamedStorage {

    private static final Instant START = Instant.parse("2026-05-06T09:00:00Z");
    private static final long FIRST_SEED = Long.getLong("errand.tck.seed", 0);
    private static final int HISTORIES = Integer.getInteger("errand.tck.histories", 50);

    /** Constructor for subclasses. */
    protected ModelContract() {}

    /** Returns the factory of the storage under test. Called once for each history. */
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
                        "seed %d, reduced to %s: %s"
                                .formatted(seed, shortest, failure.getMessage()),
                        failure);
            }
        }
    }

    /** Returns the failure of a history on an empty storage. */
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
