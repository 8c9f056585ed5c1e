package dev.errand.tck;

import dev.errand.spi.Backend;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Random histories of a storage, told to its two nodes by turns, against a model that fits on a
 * page: every answer is the one that the model expects, and in the end the storage holds what the
 * model holds. So I1 to I6 and I9 are kept by every sequence of operations.
 */
public abstract class BackendModelProperties {

    private static final Instant START = Instant.parse("2026-05-06T09:00:00Z");

    /** For the backend's test. */
    protected BackendModelProperties() {}

    /** The factory over the storage to be tested; asked once a history. */
    protected abstract BackendFactory factory();

    /**
     * I1, I2, I3, I4, I5, I6, I9.
     *
     * @param history the operations; each number is one and all that is chosen for it
     */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    public void everyHistoryKeepsTheInvariants(
            @ForAll @Size(min = 1, max = 150) List<@IntRange(max = 99_999_999) Integer> history) {
        BackendFactory factory = factory();
        factory.reset();
        TestClock clock = TestClock.at(START);
        try (Backend node = factory.open(clock);
                Backend otherNode = factory.open(clock)) {
            ModelHistory model = new ModelHistory(clock, List.of(node, otherNode));
            history.forEach(model::step);
            model.verifyEverything();
        } finally {
            factory.reset();
        }
    }
}
