package dev.errand.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Decides when a node scans the queue: at least once a second while it claims, and whenever a claim
 * found too little. After a scan, the next one waits for ten times its duration, so that scans of a
 * large queue take a small share of the time; a signal of another node ends that pause. Only one
 * thread scans at a time. Thread-safe.
 */
final class ScanSchedule {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The pause after a scan, as a multiple of its duration. */
    private static final int PAUSE_FACTOR = 10;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state = new State(0, Instant.EPOCH, Duration.ZERO, true);

    /**
     * The state after a scan.
     *
     * @param scans the number of scans
     * @param end when the last scan ended
     * @param pause the pause after it
     * @param required whether the next scan must not wait
     */
    private record State(long scans, Instant end, Duration pause, boolean required) {}

    ScanSchedule(Clock clock) {
        this.clock = clock;
    }

    /** Makes the next scan start with the next claim. */
    void requireScan() {
        lock.lock();
        try {
            state = new State(state.scans(), state.end(), state.pause(), true);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the pause after the last scan, since another node has changed the queue. Without this, a
     * dispatcher that was woken would find a first run of a project or priority only when it polls.
     */
    void endPause() {
        lock.lock();
        try {
            state = new State(state.scans(), state.end(), Duration.ZERO, state.required());
        } finally {
            lock.unlock();
        }
    }

    /** Scans if a scan is required or none was made for a second. */
    void scanIfDue(Runnable scan) {
        State seen = state;
        Duration pause = seen.pause().compareTo(INTERVAL) < 0 ? INTERVAL : seen.pause();
        if (seen.required() || isOver(seen, pause)) {
            scanOnce(seen, scan);
        }
    }

    /**
     * Scans after a claim found too little, unless the pause after the last scan is not over.
     *
     * @return whether this or another thread scanned meanwhile
     */
    boolean scanIfAllowed(Runnable scan) {
        State seen = state;
        return (seen.required() || isOver(seen, seen.pause())) && scanOnce(seen, scan);
    }

    /** A clock that was set back does not stop the scans. */
    private boolean isOver(State seen, Duration pause) {
        Duration elapsed = Duration.between(seen.end(), clock.instant());
        return elapsed.isNegative() || elapsed.compareTo(pause) >= 0;
    }

    /** Scans, unless another thread does. The first scan is awaited. */
    private boolean scanOnce(State seen, Runnable scan) {
        if (seen.scans() == 0) {
            lock.lock();
        } else if (!lock.tryLock()) {
            return false;
        }
        try {
            if (state.scans() == seen.scans()) {
                Instant begin = clock.instant();
                scan.run();
                Instant end = clock.instant();
                Duration pause = Duration.between(begin, end).multipliedBy(PAUSE_FACTOR);
                state = new State(seen.scans() + 1, end, pause, false);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
