package dev.errand.tck;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Counts the contract tests that each storage passed, and prints the totals after the test run. */
public final class PassedTestCounter implements AfterTestExecutionCallback {

    private static final ExtensionContext.Namespace HERE =
            ExtensionContext.Namespace.create(PassedTestCounter.class);

    /** Constructor for JUnit. */
    public PassedTestCounter() {}

    @Override
    public void afterTestExecution(ExtensionContext test) {
        if (test.getExecutionException().isEmpty()
                && test.getRequiredTestInstance() instanceof NamedStorage contract) {
            test.getRoot().getStore(HERE).computeIfAbsent(Tally.class).count(contract.storage());
        }
    }

    /** The number of passed tests of each storage. JUnit closes it after all tests. */
    static final class Tally implements AutoCloseable {
        private final Map<String, Integer> passed = new TreeMap<>();

        synchronized void count(String storage) {
            if (!storage.isBlank()) {
                passed.merge(storage, 1, Integer::sum);
            }
        }

        @Override
        public synchronized void close() {
            passed.forEach(
                    (storage, tests) ->
                            System.out.printf("contract tests passed by %s: %d%n", storage, tests));
        }
    }
}
