package dev.errand.spi.task;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The relationship of a task to its signal report (docs/wire/enums.md#b12). */
public enum ReportRelationship implements WireValue {
    IMPLEMENTATION("implementation");

    private static final Map<String, ReportRelationship> BY_WIRE = WireValue.index(values());

    private final String wire;

    ReportRelationship(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<ReportRelationship> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
