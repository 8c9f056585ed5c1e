package dev.errand.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What is to happen in a simulation, and which calls meet a fault. Every step and every fault is
 * chosen for itself: with some of them left out, the others stay what they were.
 *
 * @param seed the number that decided everything
 * @param steps what happens, in order
 * @param spared the calls that meet no fault after all, as {@code step.call}
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

    /** The whole script of a seed. */
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

    /** The fault that a call of a step meets, if any. */
    Optional<Fault> fault(SimulatedStep step, int call) {
        Random random = new Random(((seed * 31 + step.place()) * 31 + call) * 0x9E3779B97F4A7C15L);
        return random.nextDouble() >= FAULTS || spared.contains(name(step, call))
                ? Optional.empty()
                : Optional.of(KINDS.get(random.nextInt(KINDS.size())));
    }

    /** How a call of a step is called. */
    static String name(SimulatedStep step, int call) {
        return step.place() + "." + call;
    }

    /** The same with these steps alone. */
    SimulatedScript with(List<SimulatedStep> some) {
        return new SimulatedScript(seed, List.copyOf(some), spared);
    }

    /** The same without these faults. */
    SimulatedScript sparing(Collection<String> calls) {
        Set<String> all = new HashSet<>(spared);
        all.addAll(calls);
        return new SimulatedScript(seed, steps, Set.copyOf(all));
    }
}
