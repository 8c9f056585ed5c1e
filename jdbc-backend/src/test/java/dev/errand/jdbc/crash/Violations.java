package dev.errand.jdbc.crash;

import java.util.ArrayList;
import java.util.List;

/** What an inspection found wrong. Not thread-safe. */
final class Violations {

    private final List<String> all = new ArrayList<>();

    /** Notes what is wrong, unless it is as it must be. */
    void expect(boolean isSo, String wrong, Object... facts) {
        if (!isSo) {
            all.add(wrong.formatted(facts));
        }
    }

    void addAll(List<String> wrong) {
        all.addAll(wrong);
    }

    List<String> all() {
        return List.copyOf(all);
    }
}
