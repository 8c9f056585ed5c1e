package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** Whether an agent works interactively or in the background (docs/wire/enums.md#b3). */
public enum ExecutionMode implements WireValue {
    INTERACTIVE("interactive"),
    BACKGROUND("background");

    private static final Map<String, ExecutionMode> BY_WIRE = WireValue.index(values());

    private final String wire;

    ExecutionMode(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<ExecutionMode> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
