package dev.errand.jdbc.crash;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks docs/invariants.md#i6 on the journals of all nodes: the leases of a run follow one another
 * with increasing tokens, and no write under a token follows the start of a lease with a greater
 * one.
 */
final class LeaseCheck {

    /** A lease with the recorded times of its start, end and last write. */
    private static final class Lease {
        private final Instant begun;
        private Instant until;
        private Instant ended = Instant.MAX;
        private Instant lastWrite = Instant.MIN;

        Lease(Instant begun, Instant until) {
            this.begun = begun;
            this.until = until;
        }

        Instant end() {
            return ended.isBefore(until) ? ended : until;
        }
    }

    private final Map<String, TreeMap<Long, Lease>> runs = new HashMap<>();
    private int claims;

    /** Reads the journals of the nodes. */
    LeaseCheck(List<Path> journals) {
        List<List<String>> lines = new ArrayList<>();
        journals.forEach(journal -> lines.addAll(Journal.read(journal)));
        lines.stream()
                .sorted(
                        Comparator.comparing(
                                line -> !line.get(0).equals(LeaseRecordingBackend.CLAIMED)))
                .forEach(this::add);
    }

    private void add(List<String> line) {
        TreeMap<Long, Lease> leases = runs.computeIfAbsent(line.get(1), run -> new TreeMap<>());
        long token = Long.parseLong(line.get(2));
        Instant until = Instant.parse(line.get(3));
        Instant at = Instant.parse(line.get(4));
        if (line.get(0).equals(LeaseRecordingBackend.CLAIMED)) {
            claims++;
            Lease twice = leases.put(token, new Lease(at, until));
            if (twice != null) {
                throw new IllegalStateException(
                        "I6: token " + token + " of " + line.get(1) + " was issued twice");
            }
            return;
        }
        Lease lease = leases.get(token);
        switch (line.get(0)) {
            case LeaseRecordingBackend.RENEWED -> lease.until = later(lease.until, until);
            case LeaseRecordingBackend.ENDING ->
                    lease.ended = at.isBefore(lease.ended) ? at : lease.ended;
            case LeaseRecordingBackend.WROTE -> lease.lastWrite = later(lease.lastWrite, at);
            default -> throw new IllegalArgumentException("no such line: " + line);
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Returns the number of claimed runs. */
    int runs() {
        return runs.size();
    }

    /** Returns the number of leases. */
    int claims() {
        return claims;
    }

    List<String> check() {
        Violations violations = new Violations();
        runs.forEach((run, leases) -> check(run, leases, violations));
        return violations.all();
    }

    private static void check(String run, TreeMap<Long, Lease> leases, Violations violations) {
        Lease before = null;
        for (Map.Entry<Long, Lease> each : leases.entrySet()) {
            Lease lease = each.getValue();
            if (before != null) {
                violations.expect(
                        !lease.begun.isBefore(before.end()),
                        "I6: lease %s on %s began at %s, but the previous one was live until %s",
                        each.getKey(),
                        run,
                        lease.begun,
                        before.end());
                violations.expect(
                        !before.lastWrite.isAfter(lease.begun),
                        "I6: lease %s on %s began at %s, but the previous one wrote after %s",
                        each.getKey(),
                        run,
                        lease.begun,
                        before.lastWrite);
            }
            before = lease;
        }
    }
}
