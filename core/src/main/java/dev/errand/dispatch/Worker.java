package dev.errand.dispatch;

import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Executes queued runs within the host's own process, instead of a dispatcher that launches
 * sandboxes: it claims runs under leases and settles them with how they ended, many at a time and
 * in one step each. A project's runs are for workers or for dispatchers, not for both.
 *
 * <p>A run stays {@code queued} until it is settled. A worker that does not settle in time, or
 * dies, loses its lease, and another claims the run: work may begin twice, and is recorded once.
 *
 * <p>Thread-safe; it owns no thread. Every method throws {@link dev.errand.spi.BackendException} if
 * the storage fails; asking again is safe then.
 */
public interface Worker {

    /** Claims the runs that have waited longest, fair between projects; at most {@code max}. */
    List<ClaimedRun> claim(int max);

    /**
     * Records how runs ended: one answer for each report, in their order.
     *
     * @throws IllegalArgumentException if two reports are about one run
     */
    List<SettleOutcome> settle(List<WorkResult> reports);

    /** Records how runs ended and claims the next ones, in one step. */
    Turn settleAndClaim(List<WorkResult> reports, int max);

    /**
     * What a turn brought.
     *
     * @param settled one answer for each report, in their order
     * @param claimed the runs to execute next
     */
    record Turn(List<SettleOutcome> settled, List<ClaimedRun> claimed) {

        /** Copies the lists. */
        public Turn {
            settled = List.copyOf(settled);
            claimed = List.copyOf(claimed);
        }
    }

    /**
     * Prolongs the lease of a run from now; empty if somebody else has the run, whose work must be
     * dropped then.
     */
    Optional<ClaimedRun> renew(ClaimedRun claimed);

    /** Gives a run back, for others to execute; false if it was not this worker's any more. */
    boolean release(ClaimedRun claimed);

    /**
     * Executes one run after the other until none is due, and settles each with the claim of the
     * next. What a job throws is thrown on; its run comes back when the lease has run out.
     *
     * @param job executes a run, within its lease, and says how it ended
     * @return how many runs were executed
     */
    int workUntilIdle(Function<ClaimedRun, UpdateRunRequest> job);
}
