package dev.errand.jdbc.crash;

import java.util.ArrayList;
import java.util.List;

/** The violations that a check found. Not thread-safe. */
final class Violations {

    private final List<String> all = new ArrayList<>();

    /** Adds a violation unless the condition holds. */
    void expect(boolean holds, String message, Object... arguments) {
        if (!holds) {
            all.add(message.formatted(arguments));
        }
    }

    void addAll(List<String> violations) {
        all.addAll(violations);
    }

    List<String> all() {
        return List.copyOf(all);
    }
}
