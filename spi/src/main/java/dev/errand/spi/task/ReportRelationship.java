package dev.errand.spi.task;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** How a task relates to the signal report it names (contract B12). */
public enum ReportRelationship implements WireValue {
    IMPLEMENTATION("implementation");

    private static final Map<String, ReportRelationship> BY_WIRE = WireValue.index(values());

    private final String wire;

    ReportRelationship(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with exactly this wire value; empty if there is none. */
    public static Optional<ReportRelationship> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
