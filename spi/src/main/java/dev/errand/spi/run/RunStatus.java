package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** Where a run stands (contract B1, G1). Which status may follow which is the core's one table. */
public enum RunStatus implements WireValue {
    /** Recorded; no executor was asked. */
    NOT_STARTED("not_started", false),
    /** An executor owes the work. */
    QUEUED("queued", false),
    /** The agent's session is up. */
    IN_PROGRESS("in_progress", false),
    /** Ended with a result. */
    COMPLETED("completed", true),
    /** Ended without one; the run's error message says why. */
    FAILED("failed", true),
    /** Ended because somebody asked. */
    CANCELLED("cancelled", true);

    private static final Map<String, RunStatus> BY_WIRE = WireValue.index(values());

    private final String wire;
    private final boolean terminal;

    RunStatus(String wire, boolean terminal) {
        this.wire = wire;
        this.terminal = terminal;
    }

    /** Finds the constant with exactly this wire value; empty if there is none. */
    public static Optional<RunStatus> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }

    /**
     * Whether the run has ended: no status follows, unless the run is reopened under a new attempt.
     */
    public boolean isTerminal() {
        return terminal;
    }
}
