package dev.errand.memory;

import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The reservations and staged artifacts of one project. All of it is under one monitor: uploads are
 * rare beside runs, and each step must see several artifacts at once.
 */
final class StagingShelf {

    /**
     * One id and what became of it. A consumed one is remembered until its time is over, so that a
     * late repetition of the reservation does not revive it.
     *
     * @param staged null until it is finalised
     */
    private record Slot(Reservation reservation, StagedArtifact staged, boolean consumed) {

        Instant expiresAt() {
            return reservation.expiresAt();
        }

        boolean isLive(TaskId task, Instant now) {
            return !consumed && reservation.task().equals(task) && now.isBefore(expiresAt());
        }

        boolean isStaged(TaskId task, Instant now) {
            return staged != null && isLive(task, now);
        }
    }

    /**
     * What became of a consumption.
     *
     * @param artifacts what was consumed, in the order asked; nothing if anything is missing
     * @param missing the ids that could not be consumed, in the order asked
     */
    record Consumption(List<Artifact> artifacts, List<ArtifactId> missing) {}

    private final Map<ArtifactId, Slot> slots = new HashMap<>();

    /** All slots, the first to expire first. */
    private final NavigableSet<Slot> byExpiry =
            new TreeSet<>(
                    Comparator.comparing(Slot::expiresAt)
                            .thenComparing(slot -> slot.reservation().id().value()));

    /** Remembers keys; one that is known already stays as it is. */
    synchronized void reserve(List<Reservation> reservations) {
        for (Reservation reservation : reservations) {
            if (!slots.containsKey(reservation.id())) {
                put(new Slot(reservation, null, false));
            }
        }
    }

    /** The live reservation, or the one behind a staged artifact. */
    synchronized Optional<Reservation> findReservation(TaskId task, ArtifactId id, Instant now) {
        return Optional.ofNullable(slots.get(id))
                .filter(slot -> slot.isLive(task, now))
                .map(Slot::reservation);
    }

    /** Stages all, or answers with the ids that have no live reservation for the same key. */
    synchronized List<ArtifactId> stage(List<StagedArtifact> staged, Instant now) {
        List<ArtifactId> refused = new ArrayList<>();
        for (StagedArtifact each : staged) {
            Slot slot = slots.get(each.artifact().id());
            if (slot == null
                    || !slot.isLive(each.task(), now)
                    || !slot.reservation().storagePath().equals(each.artifact().storagePath())) {
                refused.add(each.artifact().id());
            }
        }
        if (refused.isEmpty()) {
            for (StagedArtifact each : staged) {
                ArtifactId id = each.artifact().id();
                Reservation reservation =
                        new Reservation(
                                each.task(), id, each.artifact().storagePath(), each.expiresAt());
                put(new Slot(reservation, each, false));
            }
        }
        return List.copyOf(refused);
    }

    /** The staged artifacts among the ids, in the order asked. */
    synchronized List<StagedArtifact> find(TaskId task, List<ArtifactId> ids, Instant now) {
        return ids.stream()
                .map(slots::get)
                .filter(slot -> slot != null && slot.isStaged(task, now))
                .map(Slot::staged)
                .toList();
    }

    /** Consumes all, or nothing if anything is missing. */
    synchronized Consumption consume(TaskId task, List<ArtifactId> ids, Instant now) {
        List<Artifact> artifacts = new ArrayList<>();
        List<ArtifactId> missing = new ArrayList<>();
        for (ArtifactId id : ids) {
            Slot slot = slots.get(id);
            if (slot != null && slot.isStaged(task, now)) {
                artifacts.add(slot.staged().artifact());
            } else {
                missing.add(id);
            }
        }
        if (!missing.isEmpty()) {
            return new Consumption(List.of(), missing);
        }
        for (ArtifactId id : ids) {
            Slot slot = slots.get(id);
            put(new Slot(slot.reservation(), slot.staged(), true));
        }
        return new Consumption(artifacts, missing);
    }

    /** Forgets what expired before a time, and names the keys that no run has. */
    synchronized Collection<String> removeExpired(Instant before, Instant now, int max) {
        List<String> keys = new ArrayList<>();
        while (keys.size() < max && !byExpiry.isEmpty()) {
            Slot first = byExpiry.first();
            if (!first.expiresAt().isBefore(before) || now.isBefore(first.expiresAt())) {
                break;
            }
            byExpiry.pollFirst();
            slots.remove(first.reservation().id());
            if (!first.consumed()) {
                keys.add(first.reservation().storagePath());
            }
        }
        return List.copyOf(keys);
    }

    private void put(Slot slot) {
        Slot before = slots.put(slot.reservation().id(), slot);
        if (before != null) {
            byExpiry.remove(before);
        }
        byExpiry.add(slot);
    }
}
