package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/**
 * The permissions with which an agent's session starts (docs/wire/enums.md#b9). The core decides
 * which {@link RuntimeAdapter} supports which mode (docs/wire/runtime-selection.md#e1).
 */
public enum PermissionMode implements WireValue {
    DEFAULT("default"),
    ACCEPT_EDITS("acceptEdits"),
    PLAN("plan"),
    BYPASS_PERMISSIONS("bypassPermissions"),
    AUTO("auto"),
    READ_ONLY("read-only"),
    FULL_ACCESS("full-access");

    private static final Map<String, PermissionMode> BY_WIRE = WireValue.index(values());

    private final String wire;

    PermissionMode(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<PermissionMode> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
