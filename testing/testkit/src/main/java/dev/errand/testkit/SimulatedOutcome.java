package dev.errand.testkit;

import java.util.List;
import java.util.Optional;

/**
 * What came of a script.
 *
 * @param script what was played
 * @param trace every step with the faults that it met
 * @param faults the calls that met a fault, as the script names them
 * @param broken what does not hold, if anything
 */
record SimulatedOutcome(
        SimulatedScript script,
        List<String> trace,
        List<String> faults,
        Optional<Throwable> broken) {

    /** The invariant that does not hold; empty where all do. */
    String invariant() {
        return broken.map(it -> it instanceof AssertionError ? it.getMessage() : it.toString())
                .map(said -> said.split(":", 2)[0])
                .orElse("");
    }
}
