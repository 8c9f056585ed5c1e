package dev.errand.run;

import dev.errand.run.RunTransitions.Decision;
import dev.errand.spi.run.RunStatus;

/** The status changes that callers may report (docs/wire/runs.md#g3). */
public enum StatusPolicy {
    /** The changes in {@link RunTransitions}. This is the default. */
    STRICT {
        @Override
        public Decision decide(RunStatus from, RunStatus to) {
            return RunTransitions.decide(from, to);
        }
    },
    /** All changes, also of a run that has ended. */
    PERMISSIVE {
        @Override
        public Decision decide(RunStatus from, RunStatus to) {
            return from == to ? Decision.SAME : Decision.ALLOWED;
        }
    };

    /** Returns the decision on a reported change of the status (docs/wire/runs.md#g3). */
    public abstract Decision decide(RunStatus from, RunStatus to);
}
