package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The JSON-RPC version of commands (contract B17). */
public enum JsonRpcVersion implements WireValue {
    V2_0("2.0");

    private static final Map<String, JsonRpcVersion> BY_WIRE = WireValue.index(values());

    private final String wire;

    JsonRpcVersion(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<JsonRpcVersion> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
