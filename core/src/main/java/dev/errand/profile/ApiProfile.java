package dev.errand.profile;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/**
 * A version of the HTTP API (docs/wire/compatibility.md#l0). Each one has the members and the
 * values of the one before it.
 *
 * <p>The profile decides how bodies are read and written, and the rules that differ between the
 * versions. It never changes what is stored. Java callers can set every member and value in every
 * profile.
 */
public enum ApiProfile implements WireValue {
    /** The API as published in May 2026. */
    V2026_05("2026-05"),

    /** The API that clients of September 2026 expect. */
    V2026_09("2026-09");

    private static final Map<String, ApiProfile> BY_WIRE = WireValue.index(values());

    private final String wire;

    ApiProfile(String wire) {
        this.wire = wire;
    }

    /** Finds the profile with the given name. */
    public static Optional<ApiProfile> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    /** Returns the name of the profile, such as {@code 2026-05}. */
    @Override
    public String wire() {
        return wire;
    }

    /** Returns whether this profile is the given one or a later one. */
    public boolean includes(ApiProfile other) {
        return compareTo(other) >= 0;
    }

    /**
     * Returns whether a value exists in this profile (docs/wire/enums.md#b). Requests cannot have
     * any other value, and responses have null in its place.
     */
    public boolean knows(WireValue value) {
        return includes(Vocabulary.addedIn(value));
    }

    /**
     * Returns whether only the host may use a value, by the Java API (docs/wire/enums.md#b10,
     * #b12).
     */
    public boolean reserves(WireValue value) {
        return includes(V2026_09) && Vocabulary.RESERVED.contains(value);
    }
}
