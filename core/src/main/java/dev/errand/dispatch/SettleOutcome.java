package dev.errand.dispatch;

import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;

/** What became of a report. */
public sealed interface SettleOutcome {

    /**
     * The report stands, and nothing is owed to the run any more. A status that the run had ended
     * with before is kept, and everything else of the report with it (contract G3).
     *
     * @param run the run as it stands now
     */
    record Recorded(Run run) implements SettleOutcome {}

    /**
     * The lease ran out and somebody else has the run, or has settled it: nothing changed.
     *
     * @param run which run
     */
    record LeaseLost(RunId run) implements SettleOutcome {}
}
