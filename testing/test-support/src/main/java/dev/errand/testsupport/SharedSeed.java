package dev.errand.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Gives every property without a seed of its own the random seed of the build, {@code
 * -Derrand.seed}, and appends a line with seed and result to the file named by the system property
 * {@code errand.seeds}. Registered as a jqwik service.
 */
public final class SharedSeed implements AroundPropertyHook {

    /** For the service loader. */
    public SharedSeed() {}

    @Override
    public PropertyExecutionResult aroundProperty(
            PropertyLifecycleContext property, PropertyExecutor executor) throws IOException {
        String seed = System.getProperty("errand.seed");
        if (seed != null && property.attributes().seed().isEmpty()) {
            property.attributes().setSeed(seed);
        }
        PropertyExecutionResult result = executor.execute();
        String table = System.getProperty("errand.seeds");
        if (table != null) {
            String line =
                    String.format(
                            "%s.%s seed %s tries %d %s%n",
                            property.containerClass().getName(),
                            property.targetMethod().getName(),
                            result.seed().orElse("none"),
                            result.countTries(),
                            result.status());
            Files.writeString(
                    Path.of(table), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return result;
    }

    /** The outermost hook, so that the seed is set before any other hook reads it. */
    @Override
    public int aroundPropertyProximity() {
        return -100;
    }

    /** Applies to the properties of all test classes. */
    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
