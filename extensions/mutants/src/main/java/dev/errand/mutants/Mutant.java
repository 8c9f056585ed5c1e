package dev.errand.mutants;

import java.util.Arrays;

/**
 * A port with one method that does something else.
 *
 * @param wound which wound it opens
 * @param port whose method it is
 * @param method the method
 * @param name what is broken, as a sentence
 * @param defect what the method does instead
 */
public record Mutant(Wound wound, Class<?> port, String method, String name, Defect defect) {

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

    /** The port's method and what is broken about it. */
    @Override
    public String toString() {
        return "%s %s.%s: %s".formatted(wound, port.getSimpleName(), method, name);
    }
}
