package dev.errand.spi.store;

import dev.errand.spi.Idempotency;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A conditional update of one run and its queue entry: the version that was read, and the version
 * that replaces it. A queue entry that is present only before is deleted; one that is present only
 * after is created.
 *
 * <p>A change that leaves a terminal status requires {@code reopens}. Only the factory method
 * {@link #reopening} sets it. A store is therefore never asked to undo the end of a run by
 * accident.
 *
 * @param before the run as it was read; the update is stored only if the run still is this version
 * @param intermediate the version between {@code before} and {@code after} when two changes are
 *     stored in one step; it cannot be read, but it is reported to listeners
 * @param after the version to be stored; it follows {@code intermediate} if that is present, else
 *     {@code before}
 * @param reopens whether the change may leave a terminal status
 * @param lease the lease that the dispatcher holds on the run; the update is rejected if this lease
 *     was released or is not the run's latest
 * @param releasesLease whether the lease ends with the update
 * @param key the idempotency key of the request
 */
public record RunChange(
        StoredRun before,
        Optional<StoredRun> intermediate,
        StoredRun after,
        boolean reopens,
        Optional<Lease> lease,
        boolean releasesLease,
        Optional<Idempotency> key) {

    /**
     * Checks that each version can follow the one before it.
     *
     * @throws IllegalArgumentException if the versions are not consecutive versions of one run, if
     *     the update time does not increase, or if the change leaves a terminal status without
     *     {@code reopens}
     */
    public RunChange {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(intermediate, "intermediate");
        Objects.requireNonNull(lease, "lease");
        Objects.requireNonNull(key, "key");
        requireNext(
                intermediate.isPresent() ? "intermediate" : "after",
                before.run(),
                intermediate.orElse(after).run(),
                reopens);
        intermediate.ifPresent(
                between -> requireNext("after", between.run(), after.run(), reopens));
    }

    private static void requireNext(String name, Run before, Run next, boolean reopens) {
        if (!before.project().equals(next.project())
                || !before.task().equals(next.task())
                || !before.id().equals(next.id())) {
            throw new IllegalArgumentException(
                    name + " must be a version of run " + before.id() + ", not of " + next.id());
        }
        if (next.version() != before.version() + 1) {
            throw new IllegalArgumentException(
                    "%s must have version %d of run %s, not %d"
                            .formatted(name, before.version() + 1, before.id(), next.version()));
        }
        if (!next.updatedAt().isAfter(before.updatedAt())) {
            throw new IllegalArgumentException(
                    "updatedAt of %s must be after %s in run %s, not %s"
                            .formatted(name, before.updatedAt(), before.id(), next.updatedAt()));
        }
        if (before.status().isTerminal() && before.status() != next.status() && !reopens) {
            throw new IllegalArgumentException(
                    "run "
                            + before.id()
                            + " is "
                            + before.status().wire()
                            + "; a change that leaves a terminal status must be made by"
                            + " RunChange.reopening");
        }
    }

    /** Returns a change without lease and key that does not leave a terminal status. */
    public static RunChange of(StoredRun before, StoredRun after) {
        return new RunChange(
                before, Optional.empty(), after, false, Optional.empty(), false, Optional.empty());
    }

    /** Returns two successive changes that are stored in one step, without lease and key. */
    public static RunChange viaIntermediate(
            StoredRun before, StoredRun intermediate, StoredRun after) {
        return new RunChange(
                before,
                Optional.of(intermediate),
                after,
                false,
                Optional.empty(),
                false,
                Optional.empty());
    }

    /**
     * Returns a change without lease and key that may leave a terminal status
     * (docs/wire/runs.md#g3, docs/wire/starting-runs.md#i9).
     */
    public static RunChange reopening(StoredRun before, StoredRun after) {
        return new RunChange(
                before, Optional.empty(), after, true, Optional.empty(), false, Optional.empty());
    }

    /** Returns a copy with the given idempotency key. */
    public RunChange withKey(Optional<Idempotency> newKey) {
        return new RunChange(before, intermediate, after, reopens, lease, releasesLease, newKey);
    }

    /** Returns a copy that is stored only if the lease is the run's latest and was not released. */
    public RunChange withLease(Lease held) {
        return new RunChange(
                before, intermediate, after, reopens, Optional.of(held), releasesLease, key);
    }

    /** Returns a copy that also ends the lease. */
    public RunChange releasingLease() {
        return new RunChange(before, intermediate, after, reopens, lease, true, key);
    }

    /** Returns the events to report once the change is committed, in order. */
    public List<RunEvent> events() {
        Run last = intermediate.orElse(before).run();
        RunEvent end = new RunEvent.RunChanged(Optional.of(last), after.run());
        return intermediate.isEmpty()
                ? List.of(end)
                : List.of(new RunEvent.RunChanged(Optional.of(before.run()), last), end);
    }
}
