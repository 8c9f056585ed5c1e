package dev.errand.spi.project;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** What a user does in the organization (docs/wire/enums.md#b13). */
public enum OrganizationRole implements WireValue {
    ENGINEERING("engineering"),
    DATA("data"),
    PRODUCT("product"),
    FOUNDER("founder"),
    LEADERSHIP("leadership"),
    MARKETING("marketing"),
    SALES("sales"),
    OTHER("other");

    private static final Map<String, OrganizationRole> BY_WIRE = WireValue.index(values());

    private final String wire;

    OrganizationRole(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<OrganizationRole> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
