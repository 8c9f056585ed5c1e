package dev.errand.spi.sandbox;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/**
 * The network access of a sandbox (docs/wire/enums.md#b15). Errand does not interpret the value.
 */
public enum NetworkAccess implements WireValue {
    TRUSTED("trusted"),
    FULL("full"),
    CUSTOM("custom");

    private static final Map<String, NetworkAccess> BY_WIRE = WireValue.index(values());

    private final String wire;

    NetworkAccess(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<NetworkAccess> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
