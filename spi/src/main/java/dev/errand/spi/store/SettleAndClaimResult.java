package dev.errand.spi.store;

import java.util.List;

/**
 * Result of {@link RunQueue#settleAndClaim}.
 *
 * @param settled one result for each settlement, in the same order
 * @param claimed the claimed runs
 */
public record SettleAndClaimResult(List<RunUpdateResult> settled, List<ClaimedRun> claimed) {

    /** Copies the lists. */
    public SettleAndClaimResult {
        settled = List.copyOf(settled);
        claimed = List.copyOf(claimed);
    }
}
