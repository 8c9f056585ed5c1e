package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** Who serves the model of a run; derived from the adapter, never an input (contract B7, E2). */
public enum Provider implements WireValue {
    ANTHROPIC("anthropic"),
    OPENAI("openai");

    private static final Map<String, Provider> BY_WIRE = WireValue.index(values());

    private final String wire;

    Provider(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with exactly this wire value; empty if there is none. */
    public static Optional<Provider> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
