package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/**
 * How hard a model thinks (contract B8). Which model supports which effort is a rule of the core
 * (contract E3).
 */
public enum ReasoningEffort implements WireValue {
    LOW("low"),
    MEDIUM("medium"),
    HIGH("high"),
    XHIGH("xhigh"),
    MAX("max");

    private static final Map<String, ReasoningEffort> BY_WIRE = WireValue.index(values());

    private final String wire;

    ReasoningEffort(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with exactly this wire value; empty if there is none. */
    public static Optional<ReasoningEffort> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
