package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/**
 * The status of a run (docs/wire/enums.md#b1, docs/wire/runs.md#g1). The class {@code
 * dev.errand.run.RunTransitions} of the core defines the permitted transitions.
 */
public enum RunStatus implements WireValue {
    /** Recorded; it was not started. */
    NOT_STARTED("not_started", false),
    /** Waiting to be started. */
    QUEUED("queued", false),
    /** The agent's session is running. */
    IN_PROGRESS("in_progress", false),
    /** Ended successfully. */
    COMPLETED("completed", true),
    /** Ended without success; the error message says why. */
    FAILED("failed", true),
    /** Ended by request. */
    CANCELLED("cancelled", true);

    private static final Map<String, RunStatus> BY_WIRE = WireValue.index(values());

    private final String wire;
    private final boolean terminal;

    RunStatus(String wire, boolean terminal) {
        this.wire = wire;
        this.terminal = terminal;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<RunStatus> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }

    /**
     * Whether the run has ended. A terminal status is final, with one exception: the run can be
     * reopened, by {@code resume_in_cloud/} (docs/wire/starting-runs.md#i9) or, under {@code
     * StatusPolicy.PERMISSIVE}, by a reported status.
     */
    public boolean isTerminal() {
        return terminal;
    }
}
