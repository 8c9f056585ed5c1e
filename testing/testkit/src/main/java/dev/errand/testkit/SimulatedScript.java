package dev.errand.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The steps of a simulation and the calls that fail. Steps and faults are chosen independently:
 * removing some of them does not change the others.
 *
 * @param seed the random seed
 * @param steps the steps in order
 * @param spared the calls without a fault, each as {@code step.call}
 */
record SimulatedScript(long seed, List<SimulatedStep> steps, Set<String> spared) {

    static final int NODES = 3;

    private static final int STEPS = 60;
    private static final double FAULTS = 0.08;
    private static final List<Fault> KINDS =
            List.of(
                    Fault.THROW,
                    Fault.LOSE_REPLY,
                    Fault.REPEAT,
                    Fault.DELAY,
                    Fault.CRASH_BEFORE,
                    Fault.CRASH_AFTER);

    /** Returns the script of a seed. */
    static SimulatedScript of(long seed) {
        Random random = new Random(seed);
        List<SimulatedStep.Kind> kinds = new ArrayList<>();
        for (SimulatedStep.Kind kind : SimulatedStep.Kind.values()) {
            for (int i = 0; i < kind.weight(); i++) {
                kinds.add(kind);
            }
        }
        List<SimulatedStep> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            steps.add(
                    new SimulatedStep(
                            i,
                            kinds.get(random.nextInt(kinds.size())),
                            random.nextInt(NODES),
                            random.nextInt(Integer.MAX_VALUE)));
        }
        return new SimulatedScript(seed, List.copyOf(steps), Set.of());
    }

    /** Returns the fault of a call, or empty if the call does not fail. */
    Optional<Fault> fault(SimulatedStep step, int call) {
        Random random = new Random(((seed * 31 + step.place()) * 31 + call) * 0x9E3779B97F4A7C15L);
        return random.nextDouble() >= FAULTS || spared.contains(name(step, call))
                ? Optional.empty()
                : Optional.of(KINDS.get(random.nextInt(KINDS.size())));
    }

    /** Returns the name of a call. */
    static String name(SimulatedStep step, int call) {
        return step.place() + "." + call;
    }

    /** Returns a copy with the given steps only. */
    SimulatedScript with(List<SimulatedStep> some) {
        return new SimulatedScript(seed, List.copyOf(some), spared);
    }

    /** Returns a copy in which the given calls do not fail. */
    SimulatedScript sparing(Collection<String> calls) {
        Set<String> all = new HashSet<>(spared);
        all.addAll(calls);
        return new SimulatedScript(seed, steps, Set.copyOf(all));
    }
}
