package dev.errand.memory.interleavings;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.util.List;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * Executes the operations of a class in two threads, switches between them at accesses to shared
 * memory, and compares the results with those of sequential executions.
 *
 * <p>The scenarios are reproducible. {@code -Derrand.interleavings=N} executes N scenarios of each
 * class, each in a thousand interleavings.
 */
final class Interleavings {

    private static final int FEW_SCENARIOS = 1;
    private static final int FEW_INTERLEAVINGS = 25;
    private static final int MANY_INTERLEAVINGS = 1_000;

    /** Packages of immutable values, whose methods need not be interleaved. */
    private static final List<String> VALUES =
            List.of("dev.errand.spi.", "dev.errand.tck.", "java.time.");

    private Interleavings() {}

    static void check(Class<?> operations) {
        options().check(operations);
    }

    /** Does not compare results, but evaluates the validation function of the class. */
    static void checkValidationOnly(Class<?> operations) {
        options().verifier(EpsilonVerifier.class).check(operations);
    }

    private static ModelCheckingOptions options() {
        int scenarios = Integer.getInteger("errand.interleavings", 0);
        return new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .iterations(scenarios > 0 ? scenarios : FEW_SCENARIOS)
                .invocationsPerIteration(scenarios > 0 ? MANY_INTERLEAVINGS : FEW_INTERLEAVINGS)
                .addGuarantee(ofValues());
    }

    private static ManagedStrategyGuarantee ofValues() {
        return forClasses(name -> VALUES.stream().anyMatch(name::startsWith)).allMethods().ignore();
    }
}
