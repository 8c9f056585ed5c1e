package dev.errand.json;

import dev.errand.error.ErrorCode;
import dev.errand.error.Violation;
import java.util.ArrayList;
import java.util.List;

/** The violations of one member, collected while it is read. Not thread-safe. */
final class Problems {

    private final List<Violation> found = new ArrayList<>();

    void add(ErrorCode code, String attr) {
        found.add(Violation.of(code, attr));
    }

    void add(ErrorCode code, String attr, String detail) {
        found.add(Violation.of(code, attr, detail));
    }

    void add(Violation violation) {
        found.add(violation);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Violation> found() {
        return found;
    }
}
