package dev.errand.spi.dispatch;

import dev.errand.spi.run.RunUpdateResult;
import java.util.List;

/**
 * What became of settling some runs and claiming others.
 *
 * @param settled one answer for each change, in the order of the changes
 * @param claimed the runs that were claimed
 */
public record SettleAndClaimResult(List<RunUpdateResult> settled, List<ClaimedRun> claimed) {

    /** Copies the lists. */
    public SettleAndClaimResult {
        settled = List.copyOf(settled);
        claimed = List.copyOf(claimed);
    }
}
