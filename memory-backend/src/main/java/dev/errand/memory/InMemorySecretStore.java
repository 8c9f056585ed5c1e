package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.SecretStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** The secrets of runs, unencrypted, since they do not leave the process. */
final class InMemorySecretStore implements SecretStore {

    /**
     * Maximum number of expired secrets removed per call. It is greater than the number that a call
     * usually adds, so expired secrets do not accumulate.
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
            eraseExpired(storage.clock.instant(), REMOVED_PER_CALL);
            Owner owner = new Owner(project, run);
            Map<String, Entry> owned = secretsByOwner.computeIfAbsent(owner, o -> new HashMap<>());
            secrets.forEach((name, secret) -> owned.put(name, new Entry(secret, expiresAt)));
            expiries.add(new Expiry(expiresAt, owner));
        }
    }

    @Override
    public Map<String, Secret> find(ProjectId project, RunId run) {
        synchronized (storage) {
            Instant now = storage.clock.instant();
            eraseExpired(now, REMOVED_PER_CALL);
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
            eraseAndCount(project, run);
        }
    }

    /** Erases the secrets of a run and returns their number. */
    int eraseAndCount(ProjectId project, RunId run) {
        Owner owner = new Owner(project, run);
        Map<String, Entry> erased = secretsByOwner.remove(owner);
        if (erased == null) {
            return 0;
        }
        erased.values().forEach(it -> expiries.remove(new Expiry(it.expiresAt(), owner)));
        return erased.size();
    }

    /** Deletes up to {@code max} expired secrets, earliest expiry first. */
    ErasedData eraseExpired(Instant now, int max) {
        ErasedData erased = ErasedData.NOTHING;
        while (erased.secrets() < max
                && !expiries.isEmpty()
                && !now.isBefore(expiries.first().at())) {
            Expiry expiry = expiries.pollFirst();
            Map<String, Entry> owned = secretsByOwner.getOrDefault(expiry.owner(), Map.of());
            int before = owned.size();
            owned.values().removeIf(entry -> !now.isBefore(entry.expiresAt()));
            if (owned.isEmpty()) {
                secretsByOwner.remove(expiry.owner());
            }
            erased =
                    erased.plus(
                            new ErasedData(
                                    0,
                                    0,
                                    0,
                                    before - owned.size(),
                                    0,
                                    0,
                                    0,
                                    Optional.of(expiry.at())));
        }
        return erased;
    }

    /** Returns the number of tracked expiries; for tests of memory use. */
    int size() {
        return expiries.size();
    }
}
