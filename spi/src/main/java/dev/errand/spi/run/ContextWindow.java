package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The size of a model's context window, in tokens (docs/wire/starting-runs.md#l6). */
public enum ContextWindow implements WireValue {
    TOKENS_200K("200k"),
    TOKENS_1M("1m");

    private static final Map<String, ContextWindow> BY_WIRE = WireValue.index(values());

    private final String wire;

    ContextWindow(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<ContextWindow> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
