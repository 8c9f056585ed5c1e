package dev.errand.dispatch;

import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;

/** Outcome of settling one claimed run. */
public sealed interface SettleOutcome {

    /**
     * The result was recorded and the lease has ended. If the run already had a terminal status,
     * that status is kept, and the rest of the update is recorded (docs/wire/runs.md#g3).
     *
     * @param run the run after the change
     */
    record Recorded(Run run) implements SettleOutcome {}

    /**
     * The lease expired and the run was claimed or settled by another worker. Nothing changed.
     *
     * @param run id of the run
     */
    record LeaseLost(RunId run) implements SettleOutcome {}
}
