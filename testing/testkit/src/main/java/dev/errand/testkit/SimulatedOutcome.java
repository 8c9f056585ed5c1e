package dev.errand.testkit;

import java.util.List;
import java.util.Optional;

/**
 * The outcome of a simulation.
 *
 * @param script the executed script
 * @param trace the steps with the injected faults
 * @param faults the names of the calls that failed, as in the script
 * @param broken the failure; empty if all invariants hold
 */
record SimulatedOutcome(
        SimulatedScript script,
        List<String> trace,
        List<String> faults,
        Optional<Throwable> broken) {

    /** Returns the violated invariant, or an empty text if all invariants hold. */
    String invariant() {
        return broken.map(it -> it instanceof AssertionError ? it.getMessage() : it.toString())
                .map(message -> message.split(":", 2)[0])
                .orElse("");
    }
}
