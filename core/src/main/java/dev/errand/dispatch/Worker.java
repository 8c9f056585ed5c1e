package dev.errand.dispatch;

import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimedRun;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Claims and settles queued runs by explicit calls. For hosts that execute runs on their own
 * threads or schedules. Most hosts use a {@link WorkerPool}, which makes these calls, renews leases
 * and cancels handlers. One call can claim and settle many runs; each call to claim or settle is
 * atomic; leases are renewed one by one. Do not use workers and dispatchers on one storage: a
 * dispatcher claims the runs of every project.
 *
 * <p>A run stays {@code queued} until it is settled. If a worker does not settle in time, its lease
 * expires and another worker claims the run: execution is at-least-once, recording is exactly-once.
 *
 * <p>Thread-safe; it owns no thread. Every method throws {@link dev.errand.spi.PortException} if
 * the storage fails, and may then be retried.
 */
public interface Worker {

    /**
     * Claims up to {@code max} due runs, in the order of {@link
     * dev.errand.spi.store.RunQueue#claim}.
     */
    List<ClaimedRun> claim(int max);

    /**
     * Settles runs.
     *
     * @return one outcome for each result, in their order
     * @throws IllegalArgumentException if two results are for the same run
     */
    List<Outcome> settle(List<Result> results);

    /**
     * Settles runs and claims up to {@code max} others, in one step.
     *
     * @throws IllegalArgumentException if two results are for the same run
     */
    Batch settleAndClaim(List<Result> results, int max);

    /**
     * Result of {@link #settleAndClaim}.
     *
     * @param settled one outcome for each result, in their order
     * @param claimed the runs to execute next
     */
    record Batch(List<Outcome> settled, List<ClaimedRun> claimed) {

        /** Copies the lists. */
        public Batch {
            settled = List.copyOf(settled);
            claimed = List.copyOf(claimed);
        }
    }

    /**
     * Extends leases so that each ends one lease duration from now. No two of the given runs may be
     * the same.
     *
     * @return for each run, in their order, the run as it is stored now, or empty if the lease is
     *     lost and the work must be dropped
     */
    List<Optional<ClaimedRun>> renew(List<ClaimedRun> claimed);

    /**
     * Releases the lease, so that the run can be claimed again. Returns whether the lease was still
     * held.
     */
    boolean release(ClaimedRun claimed);

    /** Outcome of settling one claimed run. */
    sealed interface Outcome {

        /**
         * The result was recorded and the lease has ended. If the run already had a terminal
         * status, that status is kept, and the rest of the update is recorded
         * (docs/wire/runs.md#g3).
         *
         * @param run the run after the change
         */
        record Recorded(Run run) implements Outcome {}

        /**
         * The lease expired and the run was claimed or settled by another worker. Nothing changed.
         *
         * @param run id of the run
         */
        record LeaseLost(RunId run) implements Outcome {}
    }

    /**
     * Result of executing a claimed run.
     *
     * @param claimed the run as it was claimed
     * @param update the change to record, with a terminal status; the rules for updates apply
     *     (docs/wire/runs.md#i2)
     */
    record Result(ClaimedRun claimed, UpdateRunRequest update) {

        /**
         * Checks that the update ends the run.
         *
         * @throws IllegalArgumentException if the update has no status, or one that is not terminal
         */
        public Result {
            Objects.requireNonNull(claimed, "claimed");
            if (!update.status().map(RunStatus::isTerminal).orElse(false)) {
                throw new IllegalArgumentException(
                        "update must set a terminal status, "
                                + update.status()
                                        .map(status -> "not " + status.wire())
                                        .orElse("but sets none"));
            }
        }
    }
}
