package dev.errand.internal.dispatch;

import dev.errand.internal.dispatch.PooledRun.Cancellation;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.run.StatusPolicy;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.store.StoredRun;
import java.time.Instant;
import java.util.Optional;

/**
 * What a handler returned or threw; both are empty if it has not returned.
 *
 * @param update the update that it returned
 * @param failure what it threw
 */
record HandlerOutcome(Optional<UpdateRunRequest> update, Optional<Throwable> failure) {

    private static final String TIMED_OUT = "The handler was stopped at its time limit.";

    /** The handler has not returned. */
    static final HandlerOutcome NOT_RETURNED =
            new HandlerOutcome(Optional.empty(), Optional.empty());

    static HandlerOutcome returned(UpdateRunRequest update) {
        return new HandlerOutcome(Optional.of(update), Optional.empty());
    }

    static HandlerOutcome threw(Throwable failure) {
        return new HandlerOutcome(Optional.empty(), Optional.of(failure));
    }

    /**
     * Returns the run after its final change. A run that has ended keeps its status.
     *
     * <p>If a handler returns a result after its run was cancelled or otherwise ended, but within
     * the grace period, the result is applied except for its status. If the run was handed off, or
     * the handler reached its time limit, the result is discarded.
     *
     * @param cancellation why the handler was cancelled, if it was
     */
    StoredRun applyTo(
            StoredRun stored,
            Optional<Cancellation> cancellation,
            StatusPolicy policy,
            Instant now) {
        if (cancellation.equals(Optional.of(Cancellation.TIME_LIMIT))) {
            return RunUpdateRules.failed(stored, EndReason.TIME_LIMIT, TIMED_OUT, now);
        }
        boolean isStopped = cancellation.equals(Optional.of(Cancellation.STOPPED));
        if (update.isPresent() && (!isStopped || stored.run().status().isTerminal())) {
            return RunUpdateRules.settled(stored, update.get(), policy, now);
        }
        if (failure.isPresent() && !isStopped) {
            String cause = FailureText.causeOf(failure.get());
            return RunUpdateRules.failed(stored, EndReason.REPORTED, cause, now);
        }
        return RunUpdateRules.stopped(stored, now);
    }
}
