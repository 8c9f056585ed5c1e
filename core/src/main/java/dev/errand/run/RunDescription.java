package dev.errand.run;

import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.run.Run;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a run is where it is, and what happens next, when: for people who look after runs. The words
 * may change from release to release; the typed parts do not change their meaning.
 *
 * @param run the run as it was read
 * @param why what it waits for, or that it ended
 * @param sentence the same in words, with the facts
 * @param next what happens next, in words
 * @param nextAt when that happens at the latest, where there is such a time; in the past where it
 *     is to happen as soon as a dispatcher looks
 * @param lease who looks after it now, and until when without a heartbeat; empty if nobody does
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
        /** It was recorded, and nobody asked for its execution. */
        NOT_STARTED,
        /** It waits for a dispatcher that has room. */
        QUEUED,
        /** A launch failed, and the next one waits for its time. */
        BACKING_OFF,
        /** An agent reported before its launch was recorded: a dispatcher looks whose it is. */
        REPORTED_EARLY,
        /** Its sandbox runs. */
        RUNNING,
        /** Its agent waits for a person to allow something. */
        WAITING_FOR_PERSON,
        /** Its sandbox is to stop, and that is not confirmed yet. */
        STOPPING,
        /** It ended, and its sandbox may send what is left. */
        FINISHING,
        /** Somebody executes it whom no dispatcher looks after. */
        ELSEWHERE,
        /** It ended; {@link Run#endReason()} says how. */
        ENDED
    }

    /** Refuses null. */
    public RunDescription {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(sentence, "sentence");
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(nextAt, "nextAt");
        Objects.requireNonNull(lease, "lease");
    }

    /** The same, looked after by whoever has this lease. */
    public RunDescription under(Optional<Lease> held) {
        return new RunDescription(run, why, sentence, next, nextAt, held);
    }

    /** Which execution it is, 0 if none was ever asked for. */
    public int attempt() {
        return run.dispatch().attempt();
    }

    /** Why the last launch failed, if one did. */
    public Optional<String> lastFailure() {
        return run.dispatch().lastFailure();
    }
}
