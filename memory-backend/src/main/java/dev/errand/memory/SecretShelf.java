package dev.errand.memory;

import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The secrets of one project's runs, under one monitor. */
final class SecretShelf {

    /** How many ends a call looks at; more than it adds. */
    private static final int ENDS_PER_CALL = 4;

    private record Kept(Secret secret, Instant expiresAt) {}

    /** When some secret of a run expires. */
    private record End(Instant at, RunId run) implements Comparable<End> {

        private static final Comparator<End> ORDER =
                Comparator.comparing(End::at).thenComparing(End::run);

        @Override
        public int compareTo(End other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<RunId, Map<String, Kept>> byRun = new HashMap<>();
    private final NavigableSet<End> ends = new TreeSet<>();

    /** Keeps secrets until a time, in place of those of the same names. */
    synchronized void put(RunId run, Map<String, Secret> secrets, Instant expiresAt, Instant now) {
        dropExpired(now);
        Map<String, Kept> ofRun = byRun.computeIfAbsent(run, id -> new HashMap<>());
        secrets.forEach((name, secret) -> ofRun.put(name, new Kept(secret, expiresAt)));
        ends.add(new End(expiresAt, run));
    }

    /** What has not expired. */
    synchronized Map<String, Secret> find(RunId run, Instant now) {
        dropExpired(now);
        Map<String, Secret> found = new HashMap<>();
        byRun.getOrDefault(run, Map.of())
                .forEach(
                        (name, kept) -> {
                            if (now.isBefore(kept.expiresAt())) {
                                found.put(name, kept.secret());
                            }
                        });
        return Map.copyOf(found);
    }

    /** Forgets all secrets of a run. */
    synchronized void erase(RunId run) {
        Map<String, Kept> ofRun = byRun.remove(run);
        if (ofRun != null) {
            ofRun.values().forEach(kept -> ends.remove(new End(kept.expiresAt(), run)));
        }
    }

    /** How many ends of secrets are in memory. */
    synchronized int size() {
        return ends.size();
    }

    private void dropExpired(Instant now) {
        for (int i = 0; i < ENDS_PER_CALL && !ends.isEmpty(); i++) {
            if (now.isBefore(ends.first().at())) {
                return;
            }
            RunId run = ends.pollFirst().run();
            byRun.computeIfPresent(
                    run,
                    (id, ofRun) -> {
                        ofRun.values().removeIf(kept -> !now.isBefore(kept.expiresAt()));
                        return ofRun.isEmpty() ? null : ofRun;
                    });
        }
    }
}
