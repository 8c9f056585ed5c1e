package dev.errand.testkit;

import dev.errand.spi.Backend;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.tck.TestClock;
import java.util.List;
import java.util.function.Function;

/**
 * A few nodes over one storage and one object store, in one thread and in time that only passes
 * when it is told to: any call of a store, of the object store or of the launcher may fail, be
 * lost, happen twice, take long, or be the last of its node; the clock is set forward and back,
 * sandboxes end and vanish, nodes stop and come back. One seed decides everything, so the same seed
 * plays the same again.
 *
 * <p>Invariants I1 to I8 and I12 are held at every step, and when nothing fails any more everything
 * must come to rest in bounded time, and be where it should be (I9 to I11). Two things cannot be
 * seen here, and have tests of their own: that a kill loses nothing on a disk and that secrets are
 * encrypted there (I7, I8: {@code H2CrashTest}, {@code VaultTest}), and how many statements a call
 * needs, since a port has none (I13: {@code StatementBudgetTest}).
 */
public final class Simulation {

    private Simulation() {}

    /**
     * Plays what a seed decides.
     *
     * @param backends opens an empty storage on a clock
     * @param objects opens an empty object store on a clock
     * @return every step and fault, in order
     * @throws AssertionError naming the seed, and the shortest history that was found to break the
     *     same, if something is not as it must be
     */
    public static List<String> play(
            long seed,
            Function<TestClock, Backend> backends,
            Function<TestClock, ObjectStore> objects) {
        Function<SimulatedScript, SimulatedOutcome> play =
                script -> SimulatedWorld.play(script, backends, objects);
        SimulatedOutcome outcome = play.apply(SimulatedScript.of(seed));
        if (outcome.broken().isPresent()) {
            throw failure(outcome, ShortestHistory.of(outcome, play));
        }
        return outcome.trace();
    }

    private static AssertionError failure(SimulatedOutcome whole, SimulatedOutcome shortest) {
        Throwable broken = shortest.broken().orElseThrow();
        return new AssertionError(
                "seed %d: %s%nafter %d of %d steps and %d of %d faults:%n  %s"
                        .formatted(
                                whole.script().seed(),
                                broken,
                                shortest.trace().size(),
                                whole.trace().size(),
                                shortest.faults().size(),
                                whole.faults().size(),
                                String.join("%n  ".formatted(), shortest.trace())),
                broken);
    }
}
