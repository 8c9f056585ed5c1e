package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The author of a run's pull requests (docs/wire/enums.md#b4). */
public enum PrAuthorshipMode implements WireValue {
    USER("user"),
    BOT("bot");

    private static final Map<String, PrAuthorshipMode> BY_WIRE = WireValue.index(values());

    private final String wire;

    PrAuthorshipMode(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<PrAuthorshipMode> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
