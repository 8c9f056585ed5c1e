package dev.errand.dispatch;

import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimedRun;
import java.util.Objects;

/**
 * Result of executing a claimed run.
 *
 * @param claimed the run as it was claimed
 * @param update the change to record, with a terminal status; the rules for updates apply
 *     (docs/wire/runs.md#i2)
 */
public record WorkResult(ClaimedRun claimed, UpdateRunRequest update) {

    /**
     * Checks that the update ends the run.
     *
     * @throws IllegalArgumentException if the update has no status, or one that is not terminal
     */
    public WorkResult {
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
