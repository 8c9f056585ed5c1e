package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.SecretStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The secrets of runs, unencrypted, since they do not leave the process. */
final class InMemorySecretStore implements SecretStore {

    /**
     * Maximum number of expired entries removed per call. It is greater than the number that a call
     * adds, so expired entries do not accumulate.
     */
    private static final int REMOVED_PER_CALL = 4;

    private record Owner(ProjectId project, RunId run) {}

    private record Entry(Secret secret, Instant expiresAt) {}

    /** A time at which secrets of a run expire. */
    private record Expiry(Instant at, Owner owner) {

        static final Comparator<Expiry> ORDER =
                Comparator.comparing(Expiry::at)
                        .thenComparing(expiry -> expiry.owner.project().value())
                        .thenComparing(expiry -> expiry.owner.run());
    }

    private final Storage storage;
    private final Map<Owner, Map<String, Entry>> secretsByOwner = new HashMap<>();
    private final NavigableSet<Expiry> expiries = new TreeSet<>(Expiry.ORDER);

    InMemorySecretStore(Storage storage) {
        this.storage = storage;
    }

    @Override
    public void put(ProjectId project, RunId run, Map<String, Secret> secrets, Instant expiresAt) {
        synchronized (storage) {
            removeExpired();
            Owner owner = new Owner(project, run);
            Map<String, Entry> owned = secretsByOwner.computeIfAbsent(owner, o -> new HashMap<>());
            secrets.forEach((name, secret) -> owned.put(name, new Entry(secret, expiresAt)));
            expiries.add(new Expiry(expiresAt, owner));
        }
    }

    @Override
    public Map<String, Secret> find(ProjectId project, RunId run) {
        synchronized (storage) {
            removeExpired();
            Instant now = storage.clock.instant();
            Map<String, Secret> found = new HashMap<>();
            secretsByOwner
                    .getOrDefault(new Owner(project, run), Map.of())
                    .forEach(
                            (name, entry) -> {
                                if (now.isBefore(entry.expiresAt())) {
                                    found.put(name, entry.secret());
                                }
                            });
            return Map.copyOf(found);
        }
    }

    @Override
    public void erase(ProjectId project, RunId run) {
        synchronized (storage) {
            Owner owner = new Owner(project, run);
            Map<String, Entry> erased = secretsByOwner.remove(owner);
            if (erased != null) {
                erased.values().forEach(it -> expiries.remove(new Expiry(it.expiresAt(), owner)));
            }
        }
    }

    /** Returns the number of tracked expiries; for tests of memory use. */
    int size() {
        return expiries.size();
    }

    private void removeExpired() {
        Instant now = storage.clock.instant();
        for (int i = 0; i < REMOVED_PER_CALL && !expiries.isEmpty(); i++) {
            if (now.isBefore(expiries.first().at())) {
                return;
            }
            Owner owner = expiries.pollFirst().owner();
            secretsByOwner.computeIfPresent(
                    owner,
                    (same, owned) -> {
                        owned.values().removeIf(entry -> !now.isBefore(entry.expiresAt()));
                        return owned.isEmpty() ? null : owned;
                    });
        }
    }
}
