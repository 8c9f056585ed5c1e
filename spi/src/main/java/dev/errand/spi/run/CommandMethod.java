package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** A command to a running sandbox (contract B16). */
public enum CommandMethod implements WireValue {
    USER_MESSAGE("user_message"),
    CANCEL("cancel"),
    CLOSE("close"),
    PERMISSION_RESPONSE("permission_response"),
    SET_CONFIG_OPTION("set_config_option");

    private static final Map<String, CommandMethod> BY_WIRE = WireValue.index(values());

    private final String wire;

    CommandMethod(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<CommandMethod> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
