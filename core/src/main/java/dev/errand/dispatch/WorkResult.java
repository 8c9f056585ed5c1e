package dev.errand.dispatch;

import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.run.RunStatus;
import java.util.Objects;

/**
 * How a worker says a claimed run ended.
 *
 * @param claimed the run, as it was claimed
 * @param update what becomes of it, by the rules of an update (contract I2); its status is terminal
 */
public record WorkResult(ClaimedRun claimed, UpdateRunRequest update) {

    /**
     * Checks that the report ends the run.
     *
     * @throws IllegalArgumentException if the update has no status, or one that is not terminal
     */
    public WorkResult {
        Objects.requireNonNull(claimed, "claimed");
        if (!update.status().map(RunStatus::isTerminal).orElse(false)) {
            throw new IllegalArgumentException(
                    "a report ends the run, its status is " + update.status());
        }
    }
}
