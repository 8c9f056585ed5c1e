package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The place where the agent of a run works (docs/wire/enums.md#b2). */
public enum RunEnvironment implements WireValue {
    LOCAL("local"),
    CLOUD("cloud");

    private static final Map<String, RunEnvironment> BY_WIRE = WireValue.index(values());

    private final String wire;

    RunEnvironment(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<RunEnvironment> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
