package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.QueueDepth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The runs of all projects that need dispatcher action. Each is either in the queue of its project
 * or, while its lease is live, among the leased runs.
 *
 * <p>Claims go round-robin over the projects: in each round, one run of every project is claimed. A
 * round continues across calls, so that claims of a single run are fair, too.
 */
final class DispatchQueue {

    private static final Comparator<RunData> BY_LEASE_END =
            Comparator.<RunData, Instant>comparing(data -> data.lease.orElseThrow().until())
                    .thenComparing(data -> data.run().project().value())
                    .thenComparing(data -> data.run().id());

    private final Map<ProjectId, ProjectQueue> projects = new HashMap<>();
    private final Set<ProjectQueue> notEmpty = new LinkedHashSet<>();
    private final NavigableSet<RunData> leased = new TreeSet<>(BY_LEASE_END);

    /** Number of runs of all projects that count against the concurrency limits. */
    private int counted;

    /** The round of the latest claim. */
    private long round;

    /**
     * Performs an update of a run or its lease, and moves the run to the queue or set it belongs
     * to.
     */
    void update(RunData data, Runnable update) {
        remove(data);
        update.run();
        add(data);
    }

    /** Adds a new run, if it has a queue entry. */
    void add(RunData data) {
        if (!data.isQueued()) {
            return;
        }
        ProjectQueue queue = projects.computeIfAbsent(data.run().project(), ProjectQueue::new);
        count(queue, data, 1);
        if (data.hasLiveLease()) {
            leased.add(data);
        } else {
            queue.add(data);
            notEmpty.add(queue);
        }
    }

    private void remove(RunData data) {
        if (!data.isQueued()) {
            return;
        }
        ProjectQueue queue = Objects.requireNonNull(projects.get(data.run().project()));
        count(queue, data, -1);
        if (data.hasLiveLease()) {
            leased.remove(data);
        } else {
            queue.remove(data);
            if (queue.isEmpty()) {
                notEmpty.remove(queue);
            }
        }
    }

    private void count(ProjectQueue queue, RunData data, int delta) {
        if (data.countsAgainstLimit()) {
            queue.counted += delta;
            counted += delta;
        }
    }

    /** Claims runs as {@link dev.errand.spi.store.RunQueue#claim} says. */
    List<ClaimedRun> claim(ProjectScope scope, ClaimRequest request, Instant now, Instant until) {
        expireLeases(now);
        Capacity capacity = new Capacity(request.limits());
        PriorityQueue<ProjectTurn> turns = new PriorityQueue<>();
        notEmpty(scope).forEach(queue -> addTurn(turns, queue, capacity, now));
        List<ClaimedRun> claimed = new ArrayList<>();
        while (claimed.size() < request.max() && !turns.isEmpty()) {
            ProjectTurn turn = turns.poll();
            ProjectQueue queue = turn.queue();
            // Capacity may be exhausted since the turn was added.
            Optional<RunData> first = queue.first(now, capacity.isLeft(queue));
            if (first.isPresent()) {
                RunData data = first.get();
                if (data.isWaitingToStart()) {
                    capacity.take(queue);
                }
                boolean hadLease = data.lease.isPresent();
                update(data, () -> data.claim(request.owner(), until));
                claimed.add(data.claimed(hadLease));
                round = turn.round();
                queue.nextRound = round + 1;
            }
            addTurn(turns, queue, capacity, now);
        }
        if (claimed.size() < request.max()) {
            round++; // Every project had its turn, so the next claim starts a new round.
        }
        return List.copyOf(claimed);
    }

    private void addTurn(
            PriorityQueue<ProjectTurn> turns, ProjectQueue queue, Capacity capacity, Instant now) {
        queue.first(now, capacity.isLeft(queue))
                .map(
                        data ->
                                new ProjectTurn(
                                        Math.max(round, queue.nextRound),
                                        data.entry().dueAt(),
                                        queue))
                .ifPresent(turns::add);
    }

    /** The number of runs that a claim may start under the limits. */
    private final class Capacity {
        private final ConcurrencyLimits limits;
        private final Map<ProjectQueue, Integer> perProject = new HashMap<>();
        private int total;

        Capacity(ConcurrencyLimits limits) {
            this.limits = limits;
            total = limits.total().orElse(Integer.MAX_VALUE) - counted;
        }

        boolean isLeft(ProjectQueue queue) {
            return total > 0 && remaining(queue) > 0;
        }

        void take(ProjectQueue queue) {
            total--;
            perProject.put(queue, remaining(queue) - 1);
        }

        private int remaining(ProjectQueue queue) {
            return perProject.computeIfAbsent(queue, q -> limits.forProject(q.project) - q.counted);
        }
    }

    /** The turn of a project in a round: its first run is claimed next. */
    private record ProjectTurn(long round, Instant dueAt, ProjectQueue queue)
            implements Comparable<ProjectTurn> {

        private static final Comparator<ProjectTurn> ORDER =
                Comparator.comparingLong(ProjectTurn::round)
                        .thenComparing(ProjectTurn::dueAt)
                        .thenComparing(turn -> turn.queue.project.value());

        @Override
        public int compareTo(ProjectTurn other) {
            return ORDER.compare(this, other);
        }
    }

    /** Finds the time at which the next run of the scope can be claimed. */
    Optional<Instant> nextDue(ProjectScope scope, Instant now) {
        expireLeases(now);
        Stream<Instant> due = notEmpty(scope).map(ProjectQueue::nextDue);
        Stream<Instant> expiring =
                leased.stream()
                        .map(data -> data.lease.orElseThrow())
                        .filter(lease -> scope.includes(lease.project()))
                        .map(Lease::until)
                        .limit(1);
        return Stream.concat(due, expiring).min(Comparator.naturalOrder());
    }

    /** Counts the runs of the scope that can be claimed. */
    QueueDepth depth(ProjectScope scope, Instant now) {
        expireLeases(now);
        List<RunData> due =
                notEmpty(scope)
                        .flatMap(ProjectQueue::runs)
                        .filter(data -> !data.entry().dueAt().isAfter(now))
                        .toList();
        List<RunData> waiting = due.stream().filter(RunData::isWaitingToStart).toList();
        return new QueueDepth(
                waiting.size(),
                waiting.stream().map(data -> data.entry().dueAt()).min(Comparator.naturalOrder()),
                due.size() - waiting.size());
    }

    private Stream<ProjectQueue> notEmpty(ProjectScope scope) {
        return scope instanceof ProjectScope.OnlyProjects only
                ? only.projects().stream().map(projects::get).filter(notEmpty::contains)
                : notEmpty.stream();
    }

    /** Moves the runs whose leases have expired to the queues of their projects. */
    private void expireLeases(Instant now) {
        while (!leased.isEmpty() && !leased.first().lease.orElseThrow().until().isAfter(now)) {
            RunData data = leased.first();
            update(data, () -> data.leaseExpired = true);
        }
    }
}
