package dev.errand.mutants;

import java.util.Arrays;
import java.util.Locale;

/**
 * A port with one method that does something else; or one between a whole port and an engine whose
 * rule or dispatcher is broken: what such an engine would ask is asked.
 *
 * @param part what is broken
 * @param wound which wound it opens
 * @param port whose method it is
 * @param method the method
 * @param name what is broken, as a sentence
 * @param defect what the method does instead
 */
public record Mutant(
        Part part, Wound wound, Class<?> port, String method, String name, Defect defect) {

    /** What can be broken. */
    public enum Part {
        /** What a port promises. */
        PORT,
        /** A rule of the engine, seen by what it has stored. */
        RULE,
        /** A dispatcher, seen by what it asks for. */
        DISPATCHER
    }

    /** What a method does instead. */
    @FunctionalInterface
    public interface Defect {

        /** The answer of the broken method. */
        Object answer(Call call);
    }

    /**
     * Checks that there is such a method.
     *
     * @throws IllegalArgumentException if the port has no method of this name
     */
    public Mutant {
        if (Arrays.stream(port.getMethods()).noneMatch(it -> it.getName().equals(method))) {
            throw new IllegalArgumentException(port.getSimpleName() + " has no " + method);
        }
    }

    /** A broken port. */
    Mutant(Wound wound, Class<?> port, String method, String name, Defect defect) {
        this(Part.PORT, wound, port, method, name, defect);
    }

    /** The port's method and what is broken about it. */
    @Override
    public String toString() {
        String broken = part == Part.PORT ? "" : part.name().toLowerCase(Locale.ROOT) + " at ";
        return "%s %s%s.%s: %s".formatted(wound, broken, port.getSimpleName(), method, name);
    }
}
