package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** What a command to a live sandbox asks for (contract B16). */
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

    /** Finds the constant with exactly this wire value; empty if there is none. */
    public static Optional<CommandMethod> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
