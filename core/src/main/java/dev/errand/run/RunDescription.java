package dev.errand.run;

import dev.errand.spi.run.PermissionRequest;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.Lease;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An explanation of the state of a run, for people who operate the system. The texts may change
 * between releases; the meaning of the other components does not. Immutable.
 *
 * @param run the run
 * @param entry its queue entry; empty if the run needs no dispatcher action
 * @param reason what the run waits for
 * @param sentence the same as a sentence, with details
 * @param next what happens next, as a sentence
 * @param nextAt the latest time at which it happens, if there is one; a time in the past means that
 *     it happens as soon as a dispatcher is available
 * @param permissions the requests of the agent that a person must answer, oldest first
 * @param lease the current lease, with its holder and expiry; empty if the run is not leased
 */
public record RunDescription(
        Run run,
        Optional<QueueEntry> entry,
        StateReason reason,
        String sentence,
        String next,
        Optional<Instant> nextAt,
        List<PermissionRequest> permissions,
        Optional<Lease> lease) {

    /** The reason why a run is in its current state. */
    public enum StateReason {
        /** The run was created and not started. */
        NOT_STARTED,
        /** The run waits for a dispatcher with free capacity. */
        QUEUED,
        /** A launch failed, and the run waits for its next attempt. */
        BACKING_OFF,
        /** The provider of the agent accepts no more requests until the run's next attempt. */
        WAITING_FOR_PROVIDER,
        /**
         * An agent sent an update before its launch was recorded; a dispatcher inspects the
         * sandbox.
         */
        REPORTED_EARLY,
        /** The sandbox is running. */
        RUNNING,
        /** The agent waits for a permission. */
        WAITING_FOR_PERSON,
        /** The sandbox is being stopped, which is not yet confirmed. */
        STOPPING,
        /** The run ended, and its sandbox may still send its last output. */
        FINISHING,
        /** The run is executed by an agent that no dispatcher launched. */
        EXTERNAL,
        /** The run ended; see {@link Run#endReason()}. */
        ENDED
    }

    /** Requires that no component is null, and copies the list. */
    public RunDescription {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(entry, "entry");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(sentence, "sentence");
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(nextAt, "nextAt");
        permissions = List.copyOf(permissions);
        Objects.requireNonNull(lease, "lease");
    }

    /** Returns a copy with the given lease. */
    public RunDescription withLease(Optional<Lease> value) {
        return new RunDescription(run, entry, reason, sentence, next, nextAt, permissions, value);
    }

    /** Returns a copy with another sentence at the end of {@link #sentence}. */
    public RunDescription withMore(String more) {
        return new RunDescription(
                run, entry, reason, sentence + " " + more, next, nextAt, permissions, lease);
    }

    /** Returns a copy with the given permission requests. */
    public RunDescription withPermissions(List<PermissionRequest> value) {
        return new RunDescription(run, entry, reason, sentence, next, nextAt, value, lease);
    }

    /** Returns the number of the current attempt; 0 if the run was never queued. */
    public int attempt() {
        return run.attempt();
    }

    /**
     * Returns the reason of the last failed launch, or empty if none failed since the run was
     * queued or if the run needs no dispatcher action.
     */
    public Optional<String> lastFailure() {
        return entry.flatMap(QueueEntry::lastFailure);
    }
}
