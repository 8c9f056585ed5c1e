package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/**
 * The reasoning effort of a model (docs/wire/enums.md#b8). The core decides which model supports
 * which effort (docs/wire/runtime-selection.md#e3).
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

    /** Finds the constant with the given wire value. */
    public static Optional<ReasoningEffort> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
