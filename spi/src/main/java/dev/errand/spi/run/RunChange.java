package dev.errand.spi.run;

import dev.errand.spi.Idempotency;
import dev.errand.spi.dispatch.Lease;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A conditional change of one run: from what was read to what was decided.
 *
 * <p>A change out of a terminal status cannot be made, unless it says that it {@linkplain
 * #reopening reopens} the run; so no store can be asked to undo an end by accident.
 *
 * @param before the run as it was read; the condition
 * @param between the version that the run passes through, where two changes are made in one step:
 *     nobody reads it, and listeners are told of it as of any other
 * @param after its next version, or the one after that where it passes through one
 * @param reopens whether it may leave a terminal status
 * @param under the lease that the change is made under, when a dispatcher makes it; a stale one is
 *     refused
 * @param releasesLease whether that lease ends with the change
 * @param key what makes a repetition recognisable
 */
public record RunChange(
        Run before,
        Optional<Run> between,
        Run after,
        boolean reopens,
        Optional<Lease> under,
        boolean releasesLease,
        Optional<Idempotency> key) {

    /**
     * Checks that each version can follow the one before it.
     *
     * @throws IllegalArgumentException if they are not versions of one run in sequence, if the
     *     update time does not increase, or if a terminal status is left by a change that does not
     *     reopen
     */
    public RunChange {
        Objects.requireNonNull(between, "between");
        Objects.requireNonNull(under, "under");
        Objects.requireNonNull(key, "key");
        requireNext(before, between.orElse(after), reopens);
        between.ifPresent(passed -> requireNext(passed, after, reopens));
    }

    private static void requireNext(Run before, Run after, boolean reopens) {
        if (!before.project().equals(after.project())
                || !before.task().equals(after.task())
                || !before.id().equals(after.id())
                || after.version() != before.version() + 1
                || !after.updatedAt().isAfter(before.updatedAt())) {
            throw new IllegalArgumentException(
                    "after is not the next version of run " + before.id());
        }
        if (before.status().isTerminal() && before.status() != after.status() && !reopens) {
            throw new IllegalArgumentException(
                    "run " + before.id() + " is " + before.status().wire() + " for good");
        }
    }

    /** A change that anyone may make, under no lease; an end stays one. */
    public static RunChange of(Run before, Run after) {
        return new RunChange(
                before, Optional.empty(), after, false, Optional.empty(), false, Optional.empty());
    }

    /** Two changes that anyone may make, the second right after the first, as one step. */
    public static RunChange passing(Run before, Run between, Run after) {
        return new RunChange(
                before,
                Optional.of(between),
                after,
                false,
                Optional.empty(),
                false,
                Optional.empty());
    }

    /**
     * A change that may leave a terminal status, which the contract allows to few (contract G3,
     * I9).
     */
    public static RunChange reopening(Run before, Run after) {
        return new RunChange(
                before, Optional.empty(), after, true, Optional.empty(), false, Optional.empty());
    }

    /** The same change, recognisable when repeated. */
    public RunChange keyed(Optional<Idempotency> repetition) {
        return new RunChange(before, between, after, reopens, under, releasesLease, repetition);
    }

    /** The same change, valid only while the lease is the run's latest. */
    public RunChange under(Lease lease) {
        return new RunChange(
                before, between, after, reopens, Optional.of(lease), releasesLease, key);
    }

    /** The same change; the lease it is made under ends with it. */
    public RunChange releasing() {
        return new RunChange(before, between, after, reopens, under, true, key);
    }

    /** What listeners are told once the change is committed, in order. */
    public List<RunEvent> events() {
        Run last = between.orElse(before);
        RunEvent end = new RunEvent.RunChanged(Optional.of(last), after);
        return between.isEmpty()
                ? List.of(end)
                : List.of(new RunEvent.RunChanged(Optional.of(before), last), end);
    }
}
