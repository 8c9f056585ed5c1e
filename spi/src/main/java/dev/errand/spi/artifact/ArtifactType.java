package dev.errand.spi.artifact;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The purpose of an artifact (docs/wire/enums.md#b11). */
public enum ArtifactType implements WireValue {
    PLAN("plan"),
    CONTEXT("context"),
    REFERENCE("reference"),
    OUTPUT("output"),
    ARTIFACT("artifact"),
    TREE_SNAPSHOT("tree_snapshot"),
    USER_ATTACHMENT("user_attachment"),
    SKILL_BUNDLE("skill_bundle");

    private static final Map<String, ArtifactType> BY_WIRE = WireValue.index(values());

    private final String wire;

    ArtifactType(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<ArtifactType> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
