package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.run.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The queue of one project: the runs that wait for a dispatcher, by {@link Stand#rank()} and due
 * time. An entry is a hint that was right when it was made; one that the run has left behind is
 * dropped when it is met. What must not happen is a run that waits without an entry: whoever lets a
 * run wait adds one afterwards, and whoever drops one holds the lock from the look at the run on.
 */
final class WaitingRuns {

    /** The rank of those that are claimed whatever the limits. */
    static final int NEEDS_NO_PLACE = Integer.MIN_VALUE;

    /** A run at the time it is due. */
    private static final class Entry extends Place {
        private final RunCell cell;

        Entry(RunCell cell, Instant dueAt, Run run) {
            super(dueAt, run.id().value());
            this.cell = cell;
        }
    }

    /** The entries of one rank, by due time. */
    private record Rank(int number, OrderedList<Entry> entries) {

        /** Whether the entry says how the run stands. */
        boolean isRight(Entry entry, Stand stand) {
            return stand.isDueAt(entry.at()) && stand.rank() == number;
        }
    }

    private final ProjectId project;
    private final Set<WaitingRuns> notEmpty;

    /** Held by whoever looks at the ranks or their entries. */
    private final ShortLock lock = new ShortLock();

    /** Ascending; as few as there are priorities. */
    private final List<Rank> ranks = new ArrayList<>();

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

    /** Puts those that wait still into the queue, at their due times, at one moment. */
    void addAll(List<RunCell> cells) {
        lock.lock();
        try {
            for (RunCell cell : cells) {
                Stand stand = cell.stand(); // It can be seen already, and may be over.
                if (stand.waits()) {
                    add(cell, stand);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Puts a run into the queue, at its due time. */
    void add(RunCell cell, Stand stand) {
        Entry entry = new Entry(cell, stand.dueAt(), stand.run());
        lock.lock();
        try {
            entriesOf(stand.rank()).add(entry);
            if (!registered) {
                registered = true;
                notEmpty.add(this);
            }
        } finally {
            lock.unlock();
        }
    }

    private OrderedList<Entry> entriesOf(int number) {
        int index = 0;
        while (index < ranks.size() && ranks.get(index).number() < number) {
            index++;
        }
        if (index == ranks.size() || ranks.get(index).number() != number) {
            ranks.add(index, new Rank(number, new OrderedList<>()));
        }
        return ranks.get(index).entries();
    }

    /**
     * The due time of the run that would be claimed first, by an entry that may be wrong, in {@link
     * Place#micros}; else never.
     *
     * @param room whether there is a place for one more
     */
    long firstDueAt(long now, boolean room) {
        lock.lock();
        try {
            boolean empty = true;
            for (Rank rank : ranks) {
                Entry first = rank.entries().first();
                if (first != null && first.at() <= now && isAllowed(rank, room)) {
                    return first.at();
                }
                empty &= first == null;
            }
            if (empty) {
                registered = false;
                notEmpty.remove(this);
            }
            return Long.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isAllowed(Rank rank, boolean room) {
        return room || rank.number() == NEEDS_NO_PLACE;
    }

    /**
     * Claims the run whose turn it is, or answers null where none is due. The run is among the
     * leases before it leaves the queue, so that nobody misses it in both.
     *
     * @param room whether there is a place for one more
     */
    Claim claimFirst(String owner, Instant now, Instant until, Leases leases, boolean room) {
        long nowInMicros = Place.micros(now);
        lock.lock();
        try {
            for (Rank rank : ranks) {
                if (!isAllowed(rank, room)) {
                    return null;
                }
                OrderedList<Entry> entries = rank.entries();
                for (Entry first = entries.first();
                        first != null && first.at() <= nowInMicros;
                        first = entries.first()) {
                    Stand claimed = claim(rank, first, owner, now, until);
                    if (claimed != null) {
                        leases.add(first.cell, until);
                        entries.removeFirst();
                        return new Claim(
                                new ClaimedRun(claimed.run(), claimed.lease()),
                                rank.number() != NEEDS_NO_PLACE);
                    }
                    entries.removeFirst();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** A claimed run, and whether it took a place that was free. */
    record Claim(ClaimedRun run, boolean tookPlace) {}

    private static Stand claim(Rank rank, Entry entry, String owner, Instant now, Instant until) {
        while (true) {
            Stand stand = entry.cell.stand();
            if (!rank.isRight(entry, stand) || stand.isLeasedAt(now)) {
                return null;
            }
            Stand claimed = stand.claimed(owner, until);
            if (entry.cell.replace(stand, claimed)) {
                return claimed;
            }
        }
    }

    /** The runs that wait and need no place, by entries that may be wrong. */
    List<RunCell> needingNoPlace() {
        lock.lock();
        try {
            if (ranks.isEmpty() || ranks.get(0).number() != NEEDS_NO_PLACE) {
                return List.of();
            }
            OrderedList<Entry> entries = ranks.get(0).entries();
            return entries.latest(0, Math.toIntExact(entries.size())).stream()
                    .map(entry -> entry.cell)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** The lowest due time of a run that waits, in {@link Place#micros}; else never. */
    long nextDueAt() {
        long next = Long.MAX_VALUE;
        lock.lock();
        try {
            for (Rank rank : ranks) {
                next = Math.min(next, nextDueAt(rank));
            }
        } finally {
            lock.unlock();
        }
        return next;
    }

    private static long nextDueAt(Rank rank) {
        long next = Long.MAX_VALUE;
        OrderedList<Entry> entries = rank.entries();
        for (Entry first = entries.first(); first != null; first = entries.first()) {
            Stand stand = first.cell.stand();
            if (stand.waits()) {
                // Also where it stands elsewhere now: its new entry may be on its way.
                next = Math.min(next, Place.micros(stand.dueAt()));
            }
            if (stand.waits() && rank.isRight(first, stand)) {
                return next;
            }
            entries.removeFirst();
        }
        return next;
    }

    /** Counts the runs that are due; each stands at one place of one rank at most. */
    void count(long now, DepthCount count) {
        lock.lock();
        try {
            for (Rank rank : ranks) {
                OrderedList<Entry> entries = rank.entries();
                for (Entry entry : entries.latest(0, Math.toIntExact(entries.size()))) {
                    Stand stand = entry.cell.stand();
                    if (entry.at() > now || !stand.waits() || !rank.isRight(entry, stand)) {
                        continue;
                    }
                    if (rank.number() == NEEDS_NO_PLACE) {
                        count.addUnattended();
                    } else {
                        count.addWaiting(entry.at());
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
