package dev.errand.memory;

import dev.errand.spi.ProjectId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The runs of one project that need dispatcher action and have no live lease, in the order of
 * claims: by rank, and within a rank by due time.
 */
final class ProjectQueue {

    /**
     * The rank of runs that were started before or must be stopped. They are claimed regardless of
     * the limits.
     */
    private static final int FIRST_RANK = Integer.MIN_VALUE;

    private static final Comparator<RunData> BY_DUE_TIME =
            Comparator.<RunData, Instant>comparing(data -> data.entry().dueAt())
                    .thenComparing(data -> data.run().id());

    final ProjectId project;

    /** Number of runs that count against the limits, including the leased ones. */
    int counted;

    /** The round in which the project may next have a run claimed. */
    long nextRound;

    private final NavigableMap<Integer, NavigableSet<RunData>> ranks = new TreeMap<>();

    ProjectQueue(ProjectId project) {
        this.project = project;
    }

    /** Returns the rank of a run. Lower ranks are claimed first. */
    private static int rankOf(RunData data) {
        return data.isWaitingToStart() ? -data.entry().priority() : FIRST_RANK;
    }

    boolean isEmpty() {
        return ranks.isEmpty();
    }

    void add(RunData data) {
        ranks.computeIfAbsent(rankOf(data), rank -> new TreeSet<>(BY_DUE_TIME)).add(data);
    }

    void remove(RunData data) {
        NavigableSet<RunData> rank = Objects.requireNonNull(ranks.get(rankOf(data)));
        rank.remove(data);
        if (rank.isEmpty()) {
            ranks.remove(rankOf(data));
        }
    }

    /**
     * Finds the run to be claimed first.
     *
     * @param hasCapacity whether the limits permit another run to start
     */
    Optional<RunData> first(Instant now, boolean hasCapacity) {
        for (Map.Entry<Integer, NavigableSet<RunData>> rank : ranks.entrySet()) {
            RunData first = rank.getValue().first();
            if ((hasCapacity || rank.getKey() == FIRST_RANK)
                    && !first.entry().dueAt().isAfter(now)) {
                return Optional.of(first);
            }
        }
        return Optional.empty();
    }

    /** Returns the earliest due time; only of a queue that is not empty. */
    Instant nextDue() {
        return ranks.values().stream()
                .map(rank -> rank.first().entry().dueAt())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    Stream<RunData> runs() {
        return ranks.values().stream().flatMap(NavigableSet::stream);
    }
}
