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
 * Gives every property that names no seed the one of the build, {@code -Derrand.seed}, and adds a
 * line with the seed and the result to the file that {@code errand.seeds} names. Found by jqwik on
 * the class path.
 */
public final class SharedSeed implements AroundPropertyHook {

    /** Called by jqwik. */
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

    /** Outside of all others: what they configure is decided before. */
    @Override
    public int aroundPropertyProximity() {
        return -100;
    }

    /** Applies to the properties of all classes. */
    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
