package dev.errand.spi.store;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.task.TaskId;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A run and, while it needs dispatcher action, its queue entry. Both are written in one
 * transaction, and the version of the run covers both. Immutable.
 *
 * @param run the run
 * @param entry its queue entry; empty if the run needs no dispatcher action
 */
public record StoredRun(Run run, Optional<QueueEntry> entry) {

    /**
     * Checks that a run with a queue entry has an attempt.
     *
     * @throws IllegalArgumentException if there is an entry, but the attempt of the run is 0
     */
    public StoredRun {
        Objects.requireNonNull(run, "run");
        if (entry.isPresent() && run.attempt() == 0) {
            throw new IllegalArgumentException(
                    "run " + run.id() + " has a queue entry, so its attempt must be 1 or more");
        }
    }

    /** Creates a run without a queue entry. */
    public static StoredRun withoutEntry(Run run) {
        return new StoredRun(run, Optional.empty());
    }

    /** Returns another version of the run with the same entry. */
    public StoredRun withRun(Run changed) {
        return new StoredRun(changed, entry);
    }

    /** Returns another version of the run with a changed entry, if there is an entry. */
    public StoredRun withRun(Run changed, UnaryOperator<QueueEntry> change) {
        return new StoredRun(changed, entry.map(change));
    }

    /** Returns why the sandbox must be stopped; empty if it must not, or if there is no entry. */
    public Optional<StopReason> stopReason() {
        return entry.flatMap(QueueEntry::stopReason);
    }

    /**
     * Whether the next attempt of the run is launched once the sandbox of the current one has
     * stopped. The current attempt is superseded already.
     */
    public boolean isRestarting() {
        return stopReason().equals(Optional.of(StopReason.RESTART)) && !run.status().isTerminal();
    }

    /** Whether a sandbox was launched and must be supervised until it exits. */
    public boolean isLaunched() {
        return entry.filter(it -> it.phase() == QueueEntry.Phase.LAUNCHED).isPresent();
    }

    /** Returns the project of the run. */
    public ProjectId project() {
        return run.project();
    }

    /** Returns the task of the run. */
    public TaskId task() {
        return run.task();
    }

    /** Returns the id of the run. */
    public RunId id() {
        return run.id();
    }
}
