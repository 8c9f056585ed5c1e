package dev.errand.mutants;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherExecutionRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs contracts against one mutant at a time, the contracts of its port first, until a test fails.
 * The contract classes ask {@link #current} for the mutant.
 */
final class MutantRunner {

    private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());

    private static volatile Mutant current;

    private final Launcher launcher =
            LauncherFactory.create(
                    LauncherConfig.builder()
                            .enableTestExecutionListenerAutoRegistration(false)
                            .enableLauncherSessionListenerAutoRegistration(false)
                            .enableLauncherDiscoveryListenerAutoRegistration(false)
                            .build());

    /** Returns the mutant that the running contract is tested with. */
    static Mutant current() {
        return current;
    }

    /** Returns the test that kills the mutant, or empty if it survives. */
    Optional<String> killer(Mutant mutant) {
        current = mutant;
        return Contracts.about(mutant).stream()
                .map(this::firstFailure)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns all contracts that kill the mutant. */
    List<Class<?>> killers(Mutant mutant) {
        current = mutant;
        return Contracts.against(mutant).stream()
                .filter(contract -> firstFailure(contract).isPresent())
                .toList();
    }

    /** Returns the first test of a contract that fails, or empty if all succeed. */
    Optional<String> firstFailure(Class<?> contract) {
        CancellationToken cancellation = CancellationToken.create();
        FirstFailure failure = new FirstFailure(contract, cancellation);
        LauncherExecutionRequest request =
                LauncherExecutionRequestBuilder.request(
                                LauncherDiscoveryRequestBuilder.request()
                                        .selectors(Contracts.selecting(contract))
                                        .configurationParameter(
                                                MethodOrderer.DEFAULT_ORDER_PROPERTY_NAME,
                                                MethodOrderer.MethodName.class.getName())
                                        .configurationParameter("jqwik.shrinking.default", "OFF")
                                        .configurationParameter("jqwik.database", "")
                                        .filters(EngineFilter.includeEngines("junit-jupiter"))
                                        .build())
                        .listeners(failure)
                        .cancellationToken(cancellation)
                        .build();
        PrintStream out = System.out;
        System.setOut(SILENT); // Failing properties print their samples.
        try {
            launcher.execute(request);
        } finally {
            System.setOut(out);
        }
        if (failure.tests == 0) {
            throw new IllegalStateException("there are no tests in " + contract);
        }
        return failure.test;
    }

    /** Records the first failing test and cancels the others. */
    private static final class FirstFailure implements TestExecutionListener {
        private final Class<?> contract;
        private final CancellationToken cancellation;
        private Optional<String> test = Optional.empty();
        private int tests;

        FirstFailure(Class<?> contract, CancellationToken cancellation) {
            this.contract = contract;
            this.cancellation = cancellation;
        }

        @Override
        public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
            tests += finished.isTest() ? 1 : 0;
            if (result.getStatus() == TestExecutionResult.Status.FAILED && test.isEmpty()) {
                String name = finished.getDisplayName().replace("()", "");
                test = Optional.of(Contracts.nameOf(contract) + "." + name);
                cancellation.cancel();
            }
        }
    }
}
