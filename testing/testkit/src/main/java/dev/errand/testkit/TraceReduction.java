package dev.errand.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reduces a failing script to the steps and faults that the failure needs. */
final class TraceReduction {

    /** The maximum number of attempts, so that a failure is reported within seconds. */
    private static final int TRIES = 600;

    private final Function<SimulatedScript, SimulatedOutcome> play;
    private SimulatedOutcome shortest;
    private int tries;

    private TraceReduction(
            Function<SimulatedScript, SimulatedOutcome> play, SimulatedOutcome failure) {
        this.play = play;
        this.shortest = failure;
    }

    /** Returns the shortest outcome found that violates the same invariant. */
    static SimulatedOutcome of(
            SimulatedOutcome failure, Function<SimulatedScript, SimulatedOutcome> play) {
        TraceReduction history = new TraceReduction(play, failure);
        history.leaveOutSteps();
        history.leaveOutFaults();
        history.leaveOutSteps();
        return history.shortest;
    }

    private void leaveOutSteps() {
        SimulatedScript script = shortest.script();
        reduce(script.steps(), some -> failsAlike(script.with(some)));
    }

    private void leaveOutFaults() {
        SimulatedScript script = shortest.script();
        List<String> all = shortest.faults();
        reduce(
                all,
                some -> {
                    List<String> spared = new ArrayList<>(all);
                    spared.removeAll(some);
                    return failsAlike(script.sparing(spared));
                });
    }

    private boolean failsAlike(SimulatedScript script) {
        if (++tries > TRIES) {
            return false;
        }
        SimulatedOutcome outcome = play.apply(script);
        boolean alike = outcome.invariant().equals(shortest.invariant());
        if (alike) {
            shortest = outcome;
        }
        return alike;
    }

    /** Removes ever smaller parts of a list as long as the rest satisfies the predicate. */
    static <T> List<T> reduce(List<T> all, Predicate<List<T>> isGood) {
        List<T> rest = all;
        for (int part = Math.max(1, all.size() / 2); part > 0; part /= 2) {
            int start = 0;
            while (start < rest.size()) {
                List<T> some = new ArrayList<>(rest);
                some.subList(start, Math.min(start + part, rest.size())).clear();
                if (isGood.test(some)) {
                    rest = some;
                } else {
                    start += part;
                }
            }
        }
        return rest;
    }
}
