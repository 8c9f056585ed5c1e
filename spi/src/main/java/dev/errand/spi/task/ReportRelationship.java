package dev.errand.spi.task;

import dev.errand.spi.WireValue;
import java.util.Objects;

/**
 * The relationship of a task to its signal report (docs/wire/enums.md#b12).
 *
 * @param wire the name of the relationship
 */
public record ReportRelationship(String wire) implements WireValue {

    /** The task implements what the report proposes. */
    public static final ReportRelationship IMPLEMENTATION =
            new ReportRelationship("implementation");

    /** Requires that the name is not null. */
    public ReportRelationship {
        Objects.requireNonNull(wire, "wire");
    }
}
