package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The positions in the queue at which the claims of this node start.
 *
 * <p>A claim that started at the beginning of the index would step over the entries of all runs
 * claimed before it, for as long as a snapshot of another transaction keeps PostgreSQL from
 * removing them. For each lane, that is, for the waiting runs of a project with one priority, this
 * class keeps a mark: no run with an earlier due time was claimable when a claim last read the
 * lane. The next claim starts {@link #SLACK} before the mark, since a transaction can commit a
 * little later than the due time that it wrote. What commits still later is found by a scan of the
 * whole queue ({@link QueueScan}).
 *
 * <p>Runs that were started before are not found by marks. They are candidates here when this node
 * released them, requested their stop or let their lease expire, or when a scan found them.
 *
 * <p>All of this is only a hint: a claim checks each run. Thread-safe.
 */
final class QueueMarks {

    /** How far before the mark a claim starts. */
    static final Duration SLACK = Duration.ofSeconds(1);

    /** How long a lane without waiting runs is kept. */
    private static final Duration RETENTION = Duration.ofMinutes(1);

    private static final int MAX_LANES = 1_000;
    private static final int MAX_RUNS = 10_000;
    private static final int MAX_CANDIDATES = 1_000;

    /** The order in which a claim reads lanes: within a project by descending priority. */
    private static final Comparator<LaneStart> READING_ORDER =
            Comparator.<LaneStart>comparingLong(start -> start.lane().project().value())
                    .thenComparingInt(start -> -start.lane().priority());

    /** The waiting runs of a project that have the same priority. */
    record Lane(ProjectId project, int priority) {}

    /** A run of a project. */
    record RunKey(ProjectId project, RunId run) {
        static RunKey of(StoredRun stored) {
            return new RunKey(stored.run().project(), stored.run().id());
        }

        static RunKey of(Lease lease) {
            return new RunKey(lease.project(), lease.run());
        }
    }

    /**
     * A mark.
     *
     * @param from no run with an earlier due time was claimable
     * @param lowering the number of the last lowering
     * @param usedAt when the lane last had a run
     */
    private record Mark(Instant from, long lowering, Instant usedAt) {}

    /** The due time from which a claim reads a lane. */
    record LaneStart(Lane lane, Instant from) {}

    /**
     * The starting point of a claim.
     *
     * @param lanes the lanes to read, in reading order
     * @param started runs that were started before and may be claimable
     * @param lowering the number of the last lowering before
     */
    record Start(List<LaneStart> lanes, Map<RunKey, Long> started, long lowering) {

        boolean isEmpty() {
            return lanes.isEmpty() && started.isEmpty();
        }

        /** Returns a starting point without the runs that are being settled. */
        Start without(List<Settlement> settlements) {
            for (Settlement settlement : settlements) {
                started.remove(RunKey.of(settlement.change().after()));
            }
            return this;
        }
    }

    private final Map<Lane, Mark> marks = new ConcurrentHashMap<>();

    /** Candidates that were started before, each with the number of its addition. */
    private final Map<RunKey, Long> started = new ConcurrentHashMap<>();

    /** The ends of the leases that this node holds. */
    private final Map<RunKey, Instant> leases = new ConcurrentHashMap<>();

    /** The latest time of a claim or scan. None moves a mark beyond it. */
    private volatile Instant latest = Instant.EPOCH;

    private Instant earliestLeaseEnd = Instant.MAX;
    private final AtomicLong counter = new AtomicLong();

    /** Returns where a claim starts. */
    Start start(ProjectScope scope, Instant now) {
        addExpiredLeases(now);
        long lowering = begin(now);
        List<LaneStart> lanes = new ArrayList<>();
        marks.forEach(
                (lane, mark) -> {
                    if (scope.includes(lane.project())) {
                        lanes.add(new LaneStart(lane, mark.from().minus(SLACK)));
                    }
                });
        lanes.sort(READING_ORDER);
        Map<RunKey, Long> candidates = new HashMap<>();
        for (Map.Entry<RunKey, Long> run : started.entrySet()) {
            if (candidates.size() == MAX_CANDIDATES) {
                break;
            }
            if (scope.includes(run.getKey().project())) {
                candidates.put(run.getKey(), run.getValue());
            }
        }
        return new Start(lanes, candidates, lowering);
    }

    /**
     * Moves the marks after a claim, and records the leases.
     *
     * @param complete whether no other run of the lanes was claimable
     */
    void claimed(Start start, List<ClaimedRun> claimed, boolean complete, Instant now) {
        Map<Lane, Instant> last = new HashMap<>();
        for (ClaimedRun each : claimed) {
            leased(each.lease());
            RunKey run = RunKey.of(each.lease());
            Long addition = start.started().get(run);
            if (addition != null) {
                started.remove(run, addition);
            } else {
                Lane lane = new Lane(run.project(), each.entry().priority());
                last.merge(lane, each.entry().dueAt(), QueueMarks::max);
            }
        }
        for (LaneStart read : start.lanes()) {
            Instant due = last.get(read.lane());
            if (due == null && !complete) {
                continue;
            }
            Instant from = complete || due == null ? now : due;
            marks.computeIfPresent(
                    read.lane(),
                    (lane, mark) ->
                            new Mark(
                                    mark.lowering() > start.lowering()
                                            ? mark.from()
                                            : max(mark.from(), from),
                                    mark.lowering(),
                                    due == null ? mark.usedAt() : now));
        }
        if (complete) {
            start.started().forEach(started::remove);
        }
    }

    /**
     * Replaces the marks by the result of a scan.
     *
     * @param lowering the number of the last lowering before the scan
     * @param now when the scan began
     */
    void scanned(QueueScan.Result result, long lowering, Instant now) {
        List<QueueScan.LaneState> waiting =
                result.lanes().stream()
                        .filter(state -> state.firstDue().isPresent())
                        .sorted(Comparator.comparing(state -> state.firstDue().orElseThrow()))
                        .limit(MAX_LANES)
                        .toList();
        Set<Lane> found = new HashSet<>();
        for (QueueScan.LaneState state : waiting) {
            Instant due = min(state.firstDue().orElseThrow(), now);
            found.add(state.lane());
            marks.compute(
                    state.lane(),
                    (lane, mark) ->
                            mark == null || mark.lowering() <= lowering
                                    ? new Mark(due, mark == null ? 0 : mark.lowering(), now)
                                    : new Mark(min(mark.from(), due), mark.lowering(), now));
        }
        for (Lane lane : marks.keySet()) {
            if (!found.contains(lane)) {
                marks.computeIfPresent(lane, (key, mark) -> withoutRuns(mark, lowering, now));
            }
        }
        result.started().forEach(this::addStarted);
    }

    private static @Nullable Mark withoutRuns(Mark mark, long lowering, Instant now) {
        if (mark.lowering() > lowering) {
            return mark;
        }
        return mark.usedAt().isBefore(now.minus(RETENTION))
                ? null
                : new Mark(max(mark.from(), now), mark.lowering(), mark.usedAt());
    }

    /** Begins a claim or a scan, and returns the number of the last lowering. */
    long begin(Instant now) {
        synchronized (this) {
            latest = max(latest, now);
        }
        return counter.get();
    }

    /** Records a run that this node inserted. */
    void inserted(StoredRun stored) {
        stored.entry().ifPresent(entry -> written(RunKey.of(stored), entry));
    }

    /** Records an update of a run that this node made. */
    void updated(RunChange change) {
        StoredRun after = change.after();
        if (after.entry().isEmpty() || change.releasesLease()) {
            leases.remove(RunKey.of(after));
        }
        if (change.releasesLease() || !after.entry().equals(change.before().entry())) {
            inserted(after);
        }
    }

    /** Records a lease that this node took or renewed. */
    void leased(Lease lease) {
        RunKey key = RunKey.of(lease);
        if (leases.size() < MAX_RUNS || leases.containsKey(key)) {
            leases.put(key, lease.until());
            expireAt(lease.until());
        }
    }

    /** Records that a lease was released, and that its run has the given entry. */
    void released(Lease lease, QueueEntry entry) {
        leases.remove(RunKey.of(lease));
        written(RunKey.of(lease), entry);
    }

    /**
     * Makes the next claim consider an entry that was written. A claim that began earlier may not
     * have seen it, and may move the mark up to {@link #latest}.
     */
    private void written(RunKey run, QueueEntry entry) {
        if (!entry.isWaitingToStart(false)) {
            if (!leases.containsKey(run)) {
                addStarted(run);
            }
            return;
        }
        Lane lane = new Lane(run.project(), entry.priority());
        boolean isKnown = marks.containsKey(lane);
        boolean isAhead = !entry.dueAt().isBefore(latest.minus(SLACK));
        if (isKnown ? isAhead : marks.size() >= MAX_LANES) {
            return;
        }
        marks.compute(
                lane,
                (key, mark) ->
                        new Mark(
                                mark == null ? entry.dueAt() : min(mark.from(), entry.dueAt()),
                                counter.incrementAndGet(),
                                max(latest, entry.dueAt())));
    }

    private void addStarted(RunKey run) {
        if (started.size() < MAX_RUNS) {
            started.put(run, counter.incrementAndGet());
        }
    }

    private void addExpiredLeases(Instant now) {
        synchronized (this) {
            if (earliestLeaseEnd.isAfter(now)) {
                return;
            }
            earliestLeaseEnd = Instant.MAX;
        }
        leases.forEach(
                (run, end) -> {
                    if (end.isAfter(now)) {
                        expireAt(end);
                    } else if (leases.remove(run, end)) {
                        addStarted(run);
                    }
                });
    }

    private synchronized void expireAt(Instant leaseEnd) {
        earliestLeaseEnd = min(earliestLeaseEnd, leaseEnd);
    }

    private static Instant min(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant max(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
