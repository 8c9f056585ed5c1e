package dev.errand.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that sees to the end of all sandboxes of a launcher: notices exits, keeps time
 * limits, asks, forces and clears. It is there only while something is alive. Thread-safe.
 */
final class Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);

    private final ProcessTable table;
    private final Duration longestPause;

    // guarded by this
    private final Set<Sandbox> watched = new LinkedHashSet<>();
    private boolean woken;

    /** Null while nothing is watched; guarded by this. */
    private Thread thread;

    Watcher(ProcessTable table, Duration longestPause) {
        this.table = table;
        this.longestPause = longestPause;
    }

    /** Sees to a sandbox until nothing of it is alive. */
    synchronized void watch(Sandbox sandbox) {
        watched.add(sandbox);
        wake();
        if (thread == null) {
            Thread started = new Thread(this::run, "errand-sandbox-watcher");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    /** Sees to nothing any more; whatever is alive stays so. */
    synchronized void stop() {
        watched.clear();
        wake();
    }

    /** Looks at once. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /** Waits until nothing is watched and the thread has ended; false if that took too long. */
    boolean awaitIdle(Duration atMost) throws InterruptedException {
        Thread last;
        synchronized (this) {
            last = thread;
        }
        if (last != null) {
            last.join(atMost.toMillis());
        }
        return last == null || !last.isAlive();
    }

    private void run() {
        for (List<Sandbox> sandboxes = next(); !sandboxes.isEmpty(); sandboxes = next()) {
            pause(lookAt(sandboxes));
        }
    }

    private synchronized List<Sandbox> next() {
        woken = false;
        if (watched.isEmpty()) {
            thread = null;
        }
        return List.copyOf(watched);
    }

    /** Whatever fails is tried again: nobody else would end these sandboxes. */
    private Duration lookAt(List<Sandbox> sandboxes) {
        Duration pause = longestPause;
        try {
            ProcessSnapshot snapshot = ProcessSnapshot.of(table);
            for (Sandbox sandbox : sandboxes) {
                pause = min(pause, lookAt(sandbox, snapshot));
            }
        } catch (RuntimeException | Error failed) {
            LOG.error("Cannot look at the processes; tried again", failed);
            return AFTER_FAILURE;
        }
        return pause;
    }

    private Duration lookAt(Sandbox sandbox, ProcessSnapshot snapshot) {
        try {
            Duration pause = sandbox.look(snapshot);
            if (sandbox.areProcessesGone()) {
                forget(sandbox);
            }
            return pause;
        } catch (RuntimeException | Error failed) {
            LOG.error("Cannot look at a sandbox; tried again", failed);
            return AFTER_FAILURE;
        }
    }

    private synchronized void forget(Sandbox sandbox) {
        watched.remove(sandbox);
    }

    private synchronized void pause(Duration atMost) {
        if (woken || watched.isEmpty()) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.timedWait(
                    this, Math.max(atMost.toNanos(), SHORTEST_PAUSE.toNanos()));
        } catch (InterruptedException unexpected) {
            LOG.warn("Interrupted; the thread of the watcher goes on", unexpected);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
