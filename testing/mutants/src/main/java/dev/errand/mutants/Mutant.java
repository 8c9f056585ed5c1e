package dev.errand.mutants;

import java.util.Arrays;
import java.util.Locale;

/**
 * A port of which one method is broken. A broken rule or dispatcher is simulated by a port that
 * alters the calls of a correct engine.
 *
 * @param part the broken part
 * @param failureMode the failure that the mutant causes
 * @param port the port
 * @param method the broken method
 * @param name a description of the defect
 * @param defect the replacement of the method
 */
public record Mutant(
        Part part,
        FailureMode failureMode,
        Class<?> port,
        String method,
        String name,
        Defect defect) {

    /** The part of the system that is broken. */
    public enum Part {
        /** A port. */
        PORT,
        /** A rule of the engine, simulated by altering its calls of the backend and the host. */
        RULE,
        /** A dispatcher, simulated by altering its calls of the backend. */
        DISPATCHER
    }

    /** The replacement of a method. */
    @FunctionalInterface
    public interface Defect {

        /** Returns the result of the broken method. */
        Object apply(Call call);
    }

    /**
     * Checks that the method exists.
     *
     * @throws IllegalArgumentException if the port has no method of this name
     */
    public Mutant {
        if (Arrays.stream(port.getMethods()).noneMatch(it -> it.getName().equals(method))) {
            throw new IllegalArgumentException(port.getSimpleName() + " has no " + method);
        }
    }

    /** Creates a mutant of a port. */
    Mutant(FailureMode failureMode, Class<?> port, String method, String name, Defect defect) {
        this(Part.PORT, failureMode, port, method, name, defect);
    }

    /** Returns the failure mode, the method and the defect. */
    @Override
    public String toString() {
        String broken = part == Part.PORT ? "" : part.name().toLowerCase(Locale.ROOT) + " at ";
        return "%s %s%s.%s: %s".formatted(failureMode, broken, port.getSimpleName(), method, name);
    }
}
