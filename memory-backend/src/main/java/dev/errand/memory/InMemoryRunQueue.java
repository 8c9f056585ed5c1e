package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.dispatch.QueueDepth;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.dispatch.SettleAndClaimResult;
import dev.errand.spi.dispatch.Settlement;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunUpdateResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The queue of all projects' runs. A run that is owed something stands in its project's {@link
 * WaitingRuns} or under one of the {@link Leases}; its {@link Stand} says which, and decides.
 *
 * <p>Projects take turns also from one claim to the next, as long as something due is left over.
 */
final class InMemoryRunQueue implements RunQueue {

    private static final int FEW_PROJECTS = 2;

    private final Projects projects;
    private final Clock clock;
    private final Leases leases = new Leases();

    /** Held by claims within limits, so that two of them do not see the same place free. */
    private final Object limited = new Object();

    /** The latest round in which a project had its turn; approximate, where claims race. */
    private volatile long round;

    InMemoryRunQueue(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    @Override
    public List<ClaimedRun> claim(ProjectScope scope, ClaimRequest request) {
        if (request.limits().areNone()) {
            return claimWithin(scope, request);
        }
        synchronized (limited) {
            return claimWithin(scope, request);
        }
    }

    private List<ClaimedRun> claimWithin(ProjectScope scope, ClaimRequest request) {
        if (request.max() == 0) {
            return List.of();
        }
        Instant now = clock.instant();
        Instant until = leaseEnd(now, request.leaseFor());
        leases.expire(now, this::putBack);
        if (request.max() == 1
                && request.limits().areNone()
                && scope instanceof ProjectScope.OnlyProjects only
                && only.projects().size() == 1) {
            return claimOne(only.projects().iterator().next(), request.owner(), now, until);
        }
        Places places = Places.count(request.limits(), leases, projects.withWaitingRuns());
        PriorityQueue<Turn> turns = turns(scope, now, places);
        List<ClaimedRun> claimed = new ArrayList<>();
        while (claimed.size() < request.max()) {
            Turn turn = turns.poll();
            if (turn == null) {
                round++; // nobody is left waiting, so nobody has to wait for another's turn
                break;
            }
            ProjectId project = turn.queue().project();
            WaitingRuns.Claim claim =
                    turn.queue()
                            .claimFirst(
                                    request.owner(), now, until, leases, places.isRoom(project));
            if (claim != null) {
                claimed.add(claim.run());
                if (claim.tookPlace()) {
                    places.take(project);
                }
                round = turn.round();
                turn.queue().hadTurnIn(turn.round());
            }
            if (claimed.size() < request.max()) {
                addTurn(turns, turn.queue(), now, places);
            }
        }
        return List.copyOf(claimed);
    }

    /** Where only one project is asked of, no turn is taken from others. */
    private List<ClaimedRun> claimOne(ProjectId project, String owner, Instant now, Instant until) {
        ProjectMemory memory = projects.find(project).orElse(null);
        WaitingRuns.Claim claim =
                memory == null
                        ? null
                        : memory.waiting().claimFirst(owner, now, until, leases, true);
        return claim == null ? List.of() : List.of(claim.run());
    }

    private PriorityQueue<Turn> turns(ProjectScope scope, Instant now, Places places) {
        PriorityQueue<Turn> turns = new PriorityQueue<>(FEW_PROJECTS);
        for (WaitingRuns queue : projects.withWaitingRuns()) {
            if (scope.includes(queue.project())) {
                addTurn(turns, queue, now, places);
            }
        }
        return turns;
    }

    private void addTurn(PriorityQueue<Turn> turns, WaitingRuns queue, Instant now, Places places) {
        long dueAt = queue.firstDueAt(Place.micros(now), places.isRoom(queue.project()));
        if (dueAt != Long.MAX_VALUE) {
            turns.add(new Turn(Math.max(round, queue.nextRound()), dueAt, queue));
        }
    }

    @Override
    public List<Optional<ClaimedRun>> renew(List<Lease> leases, Duration leaseFor) {
        return leases.stream().map(lease -> renew(lease, leaseFor)).toList();
    }

    private Optional<ClaimedRun> renew(Lease lease, Duration leaseFor) {
        RunCell cell = leases.find(lease.project(), lease.run());
        if (cell == null) {
            return Optional.empty();
        }
        while (true) {
            Stand stand = cell.stand();
            if (!stand.isUnder(lease)) {
                return Optional.empty();
            }
            Stand renewed = stand.renewed(leaseEnd(clock.instant(), leaseFor));
            if (cell.replace(stand, renewed)) {
                leases.add(cell, renewed.lease().until());
                return Optional.of(new ClaimedRun(renewed.run(), renewed.lease()));
            }
        }
    }

    @Override
    public boolean release(Lease lease) {
        RunCell cell = leases.find(lease.project(), lease.run());
        if (cell == null) {
            return false;
        }
        while (true) {
            Stand stand = cell.stand();
            if (!stand.isUnder(lease)) {
                return false;
            }
            Stand released = stand.released();
            if (cell.replace(stand, released)) {
                follow(cell, stand, released);
                return true;
            }
        }
    }

    @Override
    public Optional<Lease> findLease(ProjectId project, RunId run) {
        return Optional.ofNullable(leases.find(project, run))
                .map(cell -> cell.stand().lease())
                .filter(lease -> lease.until().isAfter(clock.instant()));
    }

    private List<RunUpdateResult> settle(List<Settlement> settlements) {
        if (settlements.size() == 1) {
            return List.of(settle(settlements.get(0).change()));
        }
        List<RunUpdateResult> answers = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            answers.add(settle(settlement.change()));
        }
        return List.copyOf(answers);
    }

    private RunUpdateResult settle(RunChange change) {
        // A run that somebody has under a lease is among the claimed ones.
        RunCell cell = leases.find(change.before().project(), change.before().id());
        return cell == null ? unclaimed(change) : advance(cell, change);
    }

    @Override
    public SettleAndClaimResult settleAndClaim(
            List<Settlement> settlements, ProjectScope scope, ClaimRequest request) {
        return new SettleAndClaimResult(settle(settlements), claim(scope, request));
    }

    /** Why a run cannot be settled of which no claim is known. */
    private RunUpdateResult unclaimed(RunChange change) {
        Run before = change.before();
        return projects.find(before.project())
                .map(memory -> memory.find(before.task()))
                .map(task -> task.find(before.id()))
                .<RunUpdateResult>map(cell -> new RunUpdateResult.LeaseLost())
                .orElseGet(RunUpdateResult.NotFound::new);
    }

    /** Makes a change of one run, if it stands as the change believes. */
    RunUpdateResult advance(RunCell cell, RunChange change) {
        Run after = change.after();
        if (change.before().dispatch().attempt() == after.dispatch().attempt()) {
            return tryAdvance(cell, change);
        }
        // Whoever appends to the log for the attempt before is done then, or comes too late.
        synchronized (projects.get(after.project()).journal(after.id())) {
            return tryAdvance(cell, change);
        }
    }

    private RunUpdateResult tryAdvance(RunCell cell, RunChange change) {
        Run before = change.before();
        while (true) {
            Stand stand = cell.stand();
            if (change.lease().isPresent() && !stand.isUnder(change.lease().get())) {
                return new RunUpdateResult.LeaseLost();
            }
            if (!isWhatWasRead(stand.run(), before)) {
                return new RunUpdateResult.Stale(stand.run());
            }
            Stand advanced = stand.advanced(change.after(), change.releasesLease());
            if (cell.replace(stand, advanced)) {
                follow(cell, stand, advanced);
                return new RunUpdateResult.Updated(change.after());
            }
        }
    }

    /**
     * The version decides. The status is compared as well, because a change was checked against the
     * status that it claims to have read, and an end must be final here too.
     */
    private static boolean isWhatWasRead(Run standing, Run read) {
        return standing == read
                || standing.version() == read.version() && standing.status() == read.status();
    }

    @Override
    public Optional<Instant> nextDue(ProjectScope scope) {
        leases.expire(clock.instant(), this::putBack);
        long next = Long.MAX_VALUE;
        // Waiting runs first: what moves from there to the leases meanwhile is met again.
        for (WaitingRuns queue : projects.withWaitingRuns()) {
            if (scope.includes(queue.project())) {
                next = Math.min(next, queue.nextDueAt());
            }
        }
        next = Math.min(next, leases.nextEnd(scope));
        return next == Long.MAX_VALUE
                ? Optional.empty()
                : Optional.of(Instant.EPOCH.plus(next, ChronoUnit.MICROS));
    }

    @Override
    public QueueDepth depth(ProjectScope scope) {
        Instant now = clock.instant();
        leases.expire(now, this::putBack);
        DepthCount count = new DepthCount();
        for (WaitingRuns queue : projects.withWaitingRuns()) {
            if (scope.includes(queue.project())) {
                queue.count(Place.micros(now), count);
            }
        }
        return count.depth();
    }

    /** Brings the queue in line with a change that was just made to a run, or with a new run. */
    void follow(RunCell cell, Stand before, Stand after) {
        if (after.waits() && !(before.waits() && before.standsAs(after))) {
            putBack(cell, after);
        }
        if (!after.isActive() && before.isActive() && before.lastToken() > 0) {
            leases.remove(cell);
        }
    }

    private void putBack(RunCell cell, Stand stand) {
        projects.get(stand.run().project()).waiting().add(cell, stand);
    }

    private static Instant leaseEnd(Instant now, Duration leaseFor) {
        return Timestamps.truncate(now.plus(leaseFor));
    }

    /** The right of a project to have one run claimed: in rounds, and within one by due time. */
    private record Turn(long round, long dueAt, WaitingRuns queue) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            int byRound = Long.compare(round, other.round);
            if (byRound != 0) {
                return byRound;
            }
            int byDueTime = Long.compare(dueAt, other.dueAt);
            return byDueTime != 0
                    ? byDueTime
                    : Long.compare(queue.project().value(), other.queue.project().value());
        }
    }
}
