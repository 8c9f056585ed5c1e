package dev.errand.run;

import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.run.Run;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Explanation of a run's state for operators. The texts may change between releases; the typed
 * components keep their meaning.
 *
 * @param run the run as it was read
 * @param why what the run waits for, or that it ended
 * @param sentence the same as text, with details
 * @param next what happens next, as text
 * @param nextAt latest time of what happens next, if there is one; a time in the past means that it
 *     happens with the next check by a dispatcher
 * @param lease the live lease on the run, or empty if no dispatcher supervises it
 */
public record RunDescription(
        Run run,
        Why why,
        String sentence,
        String next,
        Optional<Instant> nextAt,
        Optional<Lease> lease) {

    /** What a run waits for. */
    public enum Why {
        /** It was created and not started. */
        NOT_STARTED,
        /** It waits for a dispatcher with a free slot. */
        QUEUED,
        /** A launch failed; the next attempt waits for its time. */
        BACKING_OFF,
        /** An agent reported before a launch was recorded; a dispatcher looks for its sandbox. */
        REPORTED_EARLY,
        /** Its sandbox runs. */
        RUNNING,
        /** Its agent waits for a person to answer a permission request. */
        WAITING_FOR_PERSON,
        /** Its sandbox is being stopped. */
        STOPPING,
        /** It ended, and its sandbox may send its last output. */
        FINISHING,
        /** It is executed outside of this system. */
        ELSEWHERE,
        /** It ended; {@link Run#endReason()} says how. */
        ENDED
    }

    /** Rejects null. */
    public RunDescription {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(sentence, "sentence");
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(nextAt, "nextAt");
        Objects.requireNonNull(lease, "lease");
    }

    /** Returns a copy with the given lease. */
    public RunDescription withLease(Optional<Lease> value) {
        return new RunDescription(run, why, sentence, next, nextAt, value);
    }

    /** Returns the number of the present execution, or 0 if none was requested. */
    public int attempt() {
        return run.dispatch().attempt();
    }

    /** Returns the cause of the last failed launch, if there was one. */
    public Optional<String> lastFailure() {
        return run.dispatch().lastFailure();
    }
}
