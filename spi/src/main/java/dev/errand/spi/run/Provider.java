package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/**
 * The provider of a run's model, derived from its {@link RuntimeAdapter} (docs/wire/enums.md#b7,
 * docs/wire/runtime-selection.md#e2).
 */
public enum Provider implements WireValue {
    ANTHROPIC("anthropic"),
    OPENAI("openai");

    private static final Map<String, Provider> BY_WIRE = WireValue.index(values());

    private final String wire;

    Provider(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<Provider> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
