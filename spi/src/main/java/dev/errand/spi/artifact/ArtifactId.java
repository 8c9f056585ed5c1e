package dev.errand.spi.artifact;

import java.util.UUID;

/**
 * The id of a staged or run artifact: 32 lower-case hexadecimal digits (docs/wire/artifacts.md#h2).
 *
 * @param value the digits
 */
public record ArtifactId(String value) {

    private static final int LENGTH = 32;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if {@code value} is not 32 lower-case hexadecimal digits
     */
    public ArtifactId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("value must be 32 lower-case hexadecimal digits");
        }
    }

    /** Returns the id with the digits of a UUID. */
    public static ArtifactId of(UUID uuid) {
        return new ArtifactId(uuid.toString().replace("-", ""));
    }

    /** Whether a text has the form of an id. */
    public static boolean isValid(String text) {
        return text.length() == LENGTH
                && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    @Override
    public String toString() {
        return value;
    }
}
