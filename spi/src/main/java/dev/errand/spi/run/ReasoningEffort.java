package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/**
 * The reasoning effort of a model (docs/wire/enums.md#b8). The core decides which model supports
 * which effort (docs/wire/runtime-selection.md#e3).
 */
public enum ReasoningEffort implements WireValue {
    OFF("off"),
    MINIMAL("minimal"),
    LOW("low"),
    MEDIUM("medium"),
    HIGH("high"),
    XHIGH("xhigh"),
    MAX("max"),
    ULTRACODE("ultracode");

    private static final Map<String, ReasoningEffort> BY_WIRE = WireValue.index(values());

    private final String wire;

    ReasoningEffort(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<ReasoningEffort> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    /** Returns whether only the agent runtime {@code pi} has this level (docs/wire/enums.md#b8). */
    public boolean isThinkingLevel() {
        return this == OFF || this == MINIMAL;
    }

    @Override
    public String wire() {
        return wire;
    }
}
