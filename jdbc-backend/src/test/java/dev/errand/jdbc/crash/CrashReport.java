package dev.errand.jdbc.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** The results of several kills; optionally prints a progress line. Not thread-safe. */
final class CrashReport {

    private final String what;
    private final int kills;
    private final boolean prints;
    private final List<String> violations = new ArrayList<>();
    private int done;
    private long begun;
    private long acknowledged;
    private long lost;
    private long repeated;

    CrashReport(String what, int kills, boolean prints) {
        this.what = what;
        this.kills = kills;
        this.prints = prints;
    }

    void add(ConsistencyCheck check, List<String> found) {
        done++;
        begun += check.history().steps().size();
        acknowledged += check.history().acknowledged();
        lost += check.history().lost();
        repeated += check.repeated();
        add(found);
        if (prints) {
            System.out.print("\r" + this);
            System.out.flush();
        }
    }

    void add(List<String> found) {
        violations.addAll(found);
    }

    /** Returns the number of acknowledged steps. */
    long acknowledged() {
        return acknowledged;
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public String toString() {
        return "%s %d/%d | %,d begun, %,d acknowledged, %,d replies lost, %,d repeated | %d violations"
                .formatted(
                        what, done, kills, begun, acknowledged, lost, repeated, violations.size());
    }

    /**
     * Prints the result and exits with status 0, or 1 if there are violations. Deletes the journals
     * if there are none.
     */
    void printAndExit(Path journals) throws IOException {
        System.out.println("\r" + this);
        violations.stream().limit(50).forEach(System.out::println);
        if (violations.isEmpty()) {
            FileSystemUtils.deleteRecursively(journals);
        } else {
            System.out.println("journals: " + journals);
        }
        System.exit(violations.isEmpty() ? 0 : 1);
    }
}
