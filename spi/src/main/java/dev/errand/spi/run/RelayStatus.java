package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The outcome of relaying a message (docs/wire/enums.md#b18). */
public enum RelayStatus implements WireValue {
    ACCEPTED("accepted"),
    SKIPPED("skipped");

    private static final Map<String, RelayStatus> BY_WIRE = WireValue.index(values());

    private final String wire;

    RelayStatus(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<RelayStatus> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
