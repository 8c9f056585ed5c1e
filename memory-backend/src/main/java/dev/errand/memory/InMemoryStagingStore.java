package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** Reservations and staged artifacts. */
final class InMemoryStagingStore implements StagingStore {

    /**
     * A reservation and its artifact. A consumed one is kept until it expires, so that a late retry
     * of the reservation does not revive it.
     *
     * @param staged the artifact; empty until the upload is finalised
     */
    private record Entry(
            Reservation reservation, Optional<StagedArtifact> staged, boolean consumed) {

        static final Comparator<Entry> BY_EXPIRY =
                Comparator.comparing(Entry::expiresAt)
                        .thenComparing(entry -> entry.reservation.id().value());

        Instant expiresAt() {
            return reservation.expiresAt();
        }
    }

    /** The entries of one project. */
    private static final class Entries {
        private final Map<ArtifactId, Entry> byId = new HashMap<>();
        private final NavigableSet<Entry> byExpiry = new TreeSet<>(Entry.BY_EXPIRY);

        void put(Entry entry) {
            remove(entry.reservation().id());
            byId.put(entry.reservation().id(), entry);
            byExpiry.add(entry);
        }

        void remove(ArtifactId id) {
            Optional.ofNullable(byId.remove(id)).ifPresent(byExpiry::remove);
        }
    }

    /** An entry that was removed after it expired. */
    record Expired(ProjectId project, Reservation reservation, boolean consumed) {}

    private final Storage storage;
    private final Map<ProjectId, Entries> projects = new HashMap<>();

    InMemoryStagingStore(Storage storage) {
        this.storage = storage;
    }

    /** Marks a reservation as consumed, so that its object is kept when it expires. */
    void consume(ProjectId project, ArtifactId id) {
        Optional.ofNullable(projects.get(project))
                .ifPresent(
                        entries ->
                                Optional.ofNullable(entries.byId.get(id))
                                        .ifPresent(
                                                it ->
                                                        entries.put(
                                                                new Entry(
                                                                        it.reservation(),
                                                                        it.staged(),
                                                                        true))));
    }

    /** Does not replace a known reservation, since the call may be a retry. */
    @Override
    public void reserve(ProjectId project, List<Reservation> reservations) {
        synchronized (storage) {
            Entries entries = entries(project);
            reservations.stream()
                    .filter(reservation -> !entries.byId.containsKey(reservation.id()))
                    .forEach(it -> entries.put(new Entry(it, Optional.empty(), false)));
        }
    }

    @Override
    public Optional<Reservation> findReservation(ProjectId project, TaskId task, ArtifactId id) {
        synchronized (storage) {
            return findLive(project, task, id).map(Entry::reservation);
        }
    }

    @Override
    public List<ArtifactId> stage(ProjectId project, List<StagedArtifact> staged) {
        synchronized (storage) {
            List<ArtifactId> rejected =
                    staged.stream()
                            .filter(each -> !isReserved(project, each))
                            .map(each -> each.artifact().id())
                            .toList();
            if (rejected.isEmpty()) {
                for (StagedArtifact each : staged) {
                    Artifact artifact = each.artifact();
                    String key = artifact.storagePath();
                    Reservation reservation =
                            new Reservation(each.task(), artifact.id(), key, each.expiresAt());
                    entries(project).put(new Entry(reservation, Optional.of(each), false));
                }
            }
            return rejected;
        }
    }

    private boolean isReserved(ProjectId project, StagedArtifact staged) {
        Artifact artifact = staged.artifact();
        return findReservation(project, staged.task(), artifact.id())
                .filter(reserved -> reserved.storagePath().equals(artifact.storagePath()))
                .isPresent();
    }

    @Override
    public List<StagedArtifact> find(ProjectId project, TaskId task, List<ArtifactId> ids) {
        synchronized (storage) {
            return ids.stream()
                    .flatMap(id -> findLive(project, task, id).stream())
                    .flatMap(entry -> entry.staged().stream())
                    .toList();
        }
    }

    private Optional<Entry> findLive(ProjectId project, TaskId task, ArtifactId id) {
        Instant now = storage.clock.instant();
        return Optional.ofNullable(entries(project).byId.get(id))
                .filter(entry -> !entry.consumed() && entry.reservation().task().equals(task))
                .filter(entry -> now.isBefore(entry.expiresAt()));
    }

    /** Marks staged artifacts as consumed by a run. */
    void consume(ProjectId project, List<ArtifactId> ids) {
        Entries entries = entries(project);
        for (ArtifactId id : ids) {
            Entry entry = Objects.requireNonNull(entries.byId.get(id));
            entries.put(new Entry(entry.reservation(), entry.staged(), true));
        }
    }

    /** Removes the entries of a task and returns the keys of their objects. */
    List<String> eraseOf(ProjectId project, TaskId task) {
        Entries entries = entries(project);
        List<Reservation> erased =
                entries.byId.values().stream()
                        .map(Entry::reservation)
                        .filter(reservation -> reservation.task().equals(task))
                        .toList();
        erased.forEach(reservation -> entries.remove(reservation.id()));
        return erased.stream().map(Reservation::storagePath).toList();
    }

    /** Removes up to {@code max} expired entries of all projects, and returns them. */
    List<Expired> removeExpired(Instant now, int max) {
        List<Expired> removed = new ArrayList<>();
        projects.forEach(
                (project, entries) -> {
                    while (removed.size() < max
                            && !entries.byExpiry.isEmpty()
                            && !now.isBefore(entries.byExpiry.first().expiresAt())) {
                        Entry first = entries.byExpiry.first();
                        entries.remove(first.reservation().id());
                        removed.add(new Expired(project, first.reservation(), first.consumed()));
                    }
                });
        return removed;
    }

    private Entries entries(ProjectId project) {
        return projects.computeIfAbsent(project, id -> new Entries());
    }
}
