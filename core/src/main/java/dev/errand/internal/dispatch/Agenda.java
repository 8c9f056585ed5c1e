package dev.errand.internal.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a dispatcher's loop has to do next; whoever meets something adds to it. Thread-safe. */
public final class Agenda {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final long pollNanos;
    private long nextPoll = System.nanoTime();
    private boolean claim;
    private boolean look;
    private boolean everything;
    private boolean closed;
    private List<Settling> settlings = new ArrayList<>();

    public Agenda(Duration pollEvery) {
        this.pollNanos = pollEvery.toNanos();
    }

    /**
     * What to do in one turn; to claim is part of each.
     *
     * @param everything whether to look at every run, and not only at those that want it
     * @param settlings ends to be written
     */
    public record Items(boolean everything, List<Settling> settlings) {}

    /** There may be something to claim, or a slot for it. */
    public void claim() {
        lock.lock();
        try {
            claim = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A run wants to be looked at, and says so itself. */
    public void look() {
        lock.lock();
        try {
            look = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Every run is to be looked at. */
    public void lookAtEverything() {
        lock.lock();
        try {
            everything = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** An end is to be written, with all others that are by then. */
    public void settle(Settling settling) {
        lock.lock();
        try {
            settlings.add(settling);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something to do, or everything was not looked at for too long. */
    public Items await() {
        lock.lock();
        try {
            long left = nextPoll - System.nanoTime();
            while (left > 0 && !closed && !claim && !look && !everything && settlings.isEmpty()) {
                left = changed.awaitNanos(left);
            }
            boolean all = everything || nextPoll - System.nanoTime() <= 0;
            if (all) {
                nextPoll = System.nanoTime() + pollNanos;
            }
            claim = false;
            look = false;
            everything = false;
            return new Items(all, takeSettlings());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            closed = true;
            return new Items(false, List.of());
        } finally {
            lock.unlock();
        }
    }

    /** The ends that are to be written, once. */
    public List<Settling> takeSettlings() {
        lock.lock();
        try {
            List<Settling> taken = settlings;
            settlings = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** The loop is to come to its end. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
