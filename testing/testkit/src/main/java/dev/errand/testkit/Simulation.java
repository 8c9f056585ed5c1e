package dev.errand.testkit;

import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.store.Backend;
import dev.errand.tck.TestClock;
import java.util.List;
import java.util.function.Function;

/**
 * Deterministic simulation of several nodes that share one backend and one object store, in a
 * single thread and in virtual time. Any call of the backend, object store or launcher may fail,
 * lose its reply, be executed twice, be delayed, or crash its node; the clock moves forward and
 * back, sandboxes exit and vanish, nodes stop and restart. One random seed determines the whole
 * simulation.
 *
 * <p>docs/invariants.md#i1 to #i8 and #i12 are checked at every step. After the last fault all runs
 * must end in bounded time, and then the final state is checked (docs/invariants.md#i9 to #i11).
 * Two properties are not observable here and have their own tests: durability and encryption on
 * disk (docs/invariants.md#i7, #i8: {@code H2CrashTest}, {@code VaultTest}), and the number of
 * statements per call (docs/invariants.md#i13: {@code StatementBudgetTest}).
 */
public final class Simulation {

    private Simulation() {}

    /**
     * Runs the simulation of a seed.
     *
     * @param backends opens an empty backend that uses the given clock
     * @param objects opens an empty object store that uses the given clock
     * @return all steps and injected faults in order
     * @throws AssertionError if an invariant is violated; the message contains the seed and the
     *     shortest sequence of steps found that reproduces the violation
     */
    public static List<String> play(
            long seed,
            Function<TestClock, Backend> backends,
            Function<TestClock, ObjectStore> objects) {
        Function<SimulatedScript, SimulatedOutcome> play =
                script -> SimulatedWorld.play(script, backends, objects);
        SimulatedOutcome outcome = play.apply(SimulatedScript.of(seed));
        if (outcome.broken().isPresent()) {
            throw failure(outcome, TraceReduction.of(outcome, play));
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
