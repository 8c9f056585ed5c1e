package dev.errand.jdbc.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** What came of a number of kills; prints a line that tells how far it is. Not thread-safe. */
final class CrashReport {

    private final String what;
    private final int kills;
    private final boolean prints;
    private final List<String> findings = new ArrayList<>();
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

    void add(ConsistencyCheck inspection, List<String> found) {
        done++;
        begun += inspection.history().deeds().size();
        acknowledged += inspection.history().acknowledged();
        lost += inspection.history().lost();
        repeated += inspection.repeated();
        add(found);
        if (prints) {
            System.out.print("\r" + this);
            System.out.flush();
        }
    }

    void add(List<String> found) {
        findings.addAll(found);
    }

    /** How many steps were acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    List<String> findings() {
        return List.copyOf(findings);
    }

    @Override
    public String toString() {
        return "%s %d/%d | %,d begun, %,d acknowledged, %,d replies lost, %,d repeated | %d wrong"
                .formatted(what, done, kills, begun, acknowledged, lost, repeated, findings.size());
    }

    /**
     * Prints everything, and ends the process accordingly; the journals stay where something is
     * wrong.
     */
    void printAndExit(Path journals) throws IOException {
        System.out.println("\r" + this);
        findings.stream().limit(50).forEach(System.out::println);
        if (findings.isEmpty()) {
            FileSystemUtils.deleteRecursively(journals);
        } else {
            System.out.println("journals: " + journals);
        }
        System.exit(findings.isEmpty() ? 0 : 1);
    }
}
