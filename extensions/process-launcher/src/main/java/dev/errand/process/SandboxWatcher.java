package dev.errand.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that manages the processes of all sandboxes of a launcher: it notices exits, enforces
 * time and resource limits, and terminates and kills processes. It exists only while a sandbox is
 * alive. Thread-safe.
 */
final class SandboxWatcher {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxWatcher.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration MIN_PAUSE = Duration.ofMillis(1);

    private final ProcessTable table;
    private final Duration maxPause;

    // guarded by this
    private final Set<Sandbox> watched = new LinkedHashSet<>();
    private boolean woken;

    /** Null while nothing is watched; guarded by this. */
    private @Nullable Thread thread;

    SandboxWatcher(ProcessTable table, Duration maxPause) {
        this.table = table;
        this.maxPause = maxPause;
    }

    /** Watches a sandbox until none of its processes is alive. */
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

    /** Stops watching. Living processes continue to run. */
    synchronized void stop() {
        watched.clear();
        wake();
    }

    /** Triggers an immediate check of all sandboxes. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /** Waits until no sandbox is watched and the thread has ended. Returns false on timeout. */
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
            pause(updateAll(sandboxes));
        }
    }

    private synchronized List<Sandbox> next() {
        woken = false;
        if (watched.isEmpty()) {
            thread = null;
        }
        return List.copyOf(watched);
    }

    /** Retries after any failure, because nothing else would stop these sandboxes. */
    private Duration updateAll(List<Sandbox> sandboxes) {
        Duration pause = maxPause;
        try {
            ProcessSnapshot snapshot = ProcessSnapshot.of(table);
            for (Sandbox sandbox : sandboxes) {
                pause = min(pause, updateAll(sandbox, snapshot));
            }
        } catch (RuntimeException | Error failed) {
            LOG.error("Cannot check the processes; will be retried", failed);
            return RETRY_DELAY;
        }
        return pause;
    }

    private Duration updateAll(Sandbox sandbox, ProcessSnapshot snapshot) {
        try {
            Duration pause = sandbox.update(snapshot);
            if (sandbox.haveProcessesEnded()) {
                unwatch(sandbox);
            }
            return pause;
        } catch (RuntimeException | Error failed) {
            LOG.error("Cannot check a sandbox; will be retried", failed);
            return RETRY_DELAY;
        }
    }

    private synchronized void unwatch(Sandbox sandbox) {
        watched.remove(sandbox);
    }

    private synchronized void pause(Duration atMost) {
        if (woken || watched.isEmpty()) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(atMost.toNanos(), MIN_PAUSE.toNanos()));
        } catch (InterruptedException unexpected) {
            LOG.warn("The sandbox watcher was interrupted; it continues", unexpected);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
