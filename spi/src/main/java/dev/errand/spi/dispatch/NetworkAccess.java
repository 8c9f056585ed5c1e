package dev.errand.spi.dispatch;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** What a sandbox may reach on the network (contract B15). */
public enum NetworkAccess implements WireValue {
    TRUSTED("trusted"),
    FULL("full"),
    CUSTOM("custom");

    private static final Map<String, NetworkAccess> BY_WIRE = WireValue.index(values());

    private final String wire;

    NetworkAccess(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with exactly this wire value; empty if there is none. */
    public static Optional<NetworkAccess> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
