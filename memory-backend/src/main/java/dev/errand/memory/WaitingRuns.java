package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.run.Run;
import java.time.Instant;
import java.util.Set;

/**
 * The queue of one project: the runs that wait for a dispatcher, by due time. An entry is a hint
 * that was right when it was made; one that the run has left behind is dropped when it is met. What
 * must not happen is a run that waits without an entry: whoever lets a run wait adds one
 * afterwards, and whoever drops one holds the lock from the look at the run on.
 */
final class WaitingRuns {

    /** A run at the time it is due. */
    private static final class Entry extends Place {
        private final RunCell cell;

        Entry(RunCell cell, Instant dueAt, Run run) {
            super(dueAt, run.id().value());
            this.cell = cell;
        }
    }

    private final ProjectId project;
    private final Set<WaitingRuns> notEmpty;
    private final OrderedList<Entry> entries = new OrderedList<>();
    private boolean registered;

    /** The round of claims in which the project's next turn is. */
    private volatile long nextRound;

    /**
     * @param notEmpty where this queue shows itself while it has entries
     */
    WaitingRuns(ProjectId project, Set<WaitingRuns> notEmpty) {
        this.project = project;
        this.notEmpty = notEmpty;
    }

    /** Whose runs these are. */
    ProjectId project() {
        return project;
    }

    /** The round in which the project's next turn is. */
    long nextRound() {
        return nextRound;
    }

    /** Tells that the project had a turn in this round. */
    void hadTurnIn(long round) {
        nextRound = round + 1;
    }

    /** Puts a run into the queue, at its due time. */
    void add(RunCell cell, Stand stand) {
        Entry entry = new Entry(cell, stand.dueAt(), stand.run());
        entries.lock().lock();
        try {
            entries.add(entry);
            if (!registered) {
                registered = true;
                notEmpty.add(this);
            }
        } finally {
            entries.lock().unlock();
        }
    }

    /** The lowest due time of an entry, right or not, in {@link Place#micros}; else never. */
    long firstDueAt() {
        entries.lock().lock();
        try {
            Entry first = entries.first();
            if (first == null) {
                registered = false;
                notEmpty.remove(this);
                return Long.MAX_VALUE;
            }
            return first.at();
        } finally {
            entries.lock().unlock();
        }
    }

    /**
     * Claims the run that has been due longest, or answers null where none is due. The run is among
     * the leases before it leaves the queue, so that nobody misses it in both.
     */
    ClaimedRun claimFirst(String owner, Instant now, Instant until, Leases leases) {
        long nowInMicros = Place.micros(now);
        entries.lock().lock();
        try {
            for (Entry first = entries.first();
                    first != null && first.at() <= nowInMicros;
                    first = entries.first()) {
                Stand claimed = claim(first, owner, now, until);
                if (claimed != null) {
                    leases.add(first.cell, until);
                    entries.removeFirst();
                    return new ClaimedRun(claimed.run(), claimed.lease());
                }
                entries.removeFirst();
            }
            return null;
        } finally {
            entries.lock().unlock();
        }
    }

    private static Stand claim(Entry entry, String owner, Instant now, Instant until) {
        while (true) {
            Stand stand = entry.cell.stand();
            if (!stand.isDueAt(entry.at()) || stand.isLeasedAt(now)) {
                return null;
            }
            Stand claimed = stand.claimed(owner, until);
            if (entry.cell.replace(stand, claimed)) {
                return claimed;
            }
        }
    }

    /** The lowest due time of a run that waits, in {@link Place#micros}; else never. */
    long nextDueAt() {
        long next = Long.MAX_VALUE;
        entries.lock().lock();
        try {
            for (Entry first = entries.first(); first != null; first = entries.first()) {
                Stand stand = first.cell.stand();
                if (stand.waits()) {
                    // Also where it is due at another time now: its new entry may be on its way.
                    next = Math.min(next, Place.micros(stand.dueAt()));
                }
                if (stand.waits() && stand.isDueAt(first.at())) {
                    return next;
                }
                entries.removeFirst();
            }
        } finally {
            entries.lock().unlock();
        }
        return next;
    }
}
