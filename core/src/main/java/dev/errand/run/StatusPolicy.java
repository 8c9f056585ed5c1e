package dev.errand.run;

import dev.errand.run.RunTransitions.Decision;
import dev.errand.spi.run.RunStatus;

/** How strictly the status that a PATCH reports is taken (contract G3, {@code statusPolicy}). */
public enum StatusPolicy {
    /** The table of {@link RunTransitions}; the default. */
    STRICT {
        @Override
        public Decision decide(RunStatus from, RunStatus to) {
            return RunTransitions.decide(from, to);
        }
    },
    /** Any status may follow any other, so that even an ended run revives. */
    PERMISSIVE {
        @Override
        public Decision decide(RunStatus from, RunStatus to) {
            return from == to ? Decision.SAME : Decision.ALLOWED;
        }
    };

    /** Whether a run in {@code from} may be reported to be in {@code to} (contract G3). */
    public abstract Decision decide(RunStatus from, RunStatus to);
}
