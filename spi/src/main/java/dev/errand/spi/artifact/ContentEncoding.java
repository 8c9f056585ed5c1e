package dev.errand.spi.artifact;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The encoding of inline content in JSON (docs/wire/enums.md#b14). */
public enum ContentEncoding implements WireValue {
    UTF_8("utf-8"),
    BASE64("base64");

    private static final Map<String, ContentEncoding> BY_WIRE = WireValue.index(values());

    private final String wire;

    ContentEncoding(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<ContentEncoding> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
