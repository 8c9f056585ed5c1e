package dev.errand.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes directories that were set aside for deletion, on a thread of its own: an agent decides
 * how long that takes. A directory that cannot be deleted is tried again after a growing pause, and
 * is reported until it is gone. The thread exists only while directories are left. Thread-safe.
 */
final class DirectoryRemover {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryRemover.class);

    /** A large directory must not keep others waiting; it is continued later. */
    private static final Duration SLICE = Duration.ofSeconds(20);

    private static final Duration MAX_PAUSE = Duration.ofMinutes(10);

    private final Duration initialPause;

    // guarded by this
    private final Map<Path, Job> jobs = new HashMap<>();
    private boolean closed;
    private @Nullable Thread thread;

    /**
     * Creates a remover without a thread.
     *
     * @param initialPause the pause after the first failure; doubled on each further one
     */
    DirectoryRemover(Duration initialPause) {
        this.initialPause = initialPause;
    }

    /** A directory to be deleted: the number of failures, and when to try again. */
    private record Job(int failures, long dueAt) {}

    /** Deletes a directory in the background. After {@link #close} the next launcher does it. */
    synchronized void remove(Path directory) {
        if (closed) {
            return;
        }
        jobs.putIfAbsent(directory, new Job(0, System.nanoTime()));
        if (thread == null) {
            Thread started = new Thread(this::run, "errand-sandbox-remover");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
        notifyAll();
    }

    /** Returns how many directories could not be deleted so far. */
    synchronized int failing() {
        return (int) jobs.values().stream().filter(job -> job.failures() > 0).count();
    }

    /** Waits until the directories that can be deleted are deleted, or a deadline is over. */
    void close(Duration atMost) {
        Thread running;
        synchronized (this) {
            closed = true;
            notifyAll();
            running = thread;
        }
        try {
            if (running != null) {
                running.join(Math.max(1, atMost.toMillis()));
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (!jobs.isEmpty()) {
                LOG.warn("The next launcher deletes what is left of {}", jobs.keySet());
            }
            jobs.clear();
        }
    }

    private void run() {
        for (Optional<Path> next = next(); next.isPresent(); next = next()) {
            attempt(next.get());
        }
    }

    /** Waits for a directory that is due. Empty if there is none left, and the thread ends. */
    private synchronized Optional<Path> next() {
        while (true) {
            long now = System.nanoTime();
            Optional<Map.Entry<Path, Job>> first =
                    jobs.entrySet().stream()
                            .min(
                                    (one, other) ->
                                            Long.compare(
                                                    one.getValue().dueAt() - now,
                                                    other.getValue().dueAt() - now));
            long pause = first.map(job -> job.getValue().dueAt() - now).orElse(0L);
            if (first.isEmpty() || closed && pause > 0) {
                thread = null;
                return Optional.empty();
            }
            if (pause <= 0) {
                return first.map(Map.Entry::getKey);
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, pause);
            } catch (InterruptedException unexpected) {
                LOG.warn("The remover was interrupted; it continues", unexpected);
            }
        }
    }

    private void attempt(Path directory) {
        BooleanSupplier slice = DirectoryTree.deadline(SLICE);
        try {
            DirectoryTree.delete(directory, () -> slice.getAsBoolean() || isForgotten(directory));
            done(directory);
        } catch (TimeoutException unfinished) {
            repeat(directory, 0, Duration.ZERO);
        } catch (IOException | RuntimeException | Error failure) {
            failed(directory, failure);
        }
    }

    private synchronized boolean isForgotten(Path directory) {
        return !jobs.containsKey(directory);
    }

    private synchronized void done(Path directory) {
        Job job = jobs.remove(directory);
        if (job != null && job.failures() > 0) {
            LOG.info("Deleted {} after all", directory);
        }
    }

    private void failed(Path directory, Throwable failure) {
        int failures = failures(directory) + 1;
        Duration pause = initialPause.multipliedBy(1L << Math.min(failures - 1, 20));
        Duration bounded = pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE;
        if (failures == 1 || bounded.equals(MAX_PAUSE)) {
            LOG.warn(
                    "Cannot delete {}; it is tried again in {} s, until it is gone",
                    directory,
                    bounded.toSeconds(),
                    failure);
        }
        repeat(directory, failures, bounded);
    }

    private synchronized int failures(Path directory) {
        Job job = jobs.get(directory);
        return job == null ? 0 : job.failures();
    }

    private synchronized void repeat(Path directory, int failures, Duration pause) {
        jobs.computeIfPresent(
                directory, (path, job) -> new Job(failures, System.nanoTime() + pause.toNanos()));
    }
}
