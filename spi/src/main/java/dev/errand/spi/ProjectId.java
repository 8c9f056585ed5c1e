package dev.errand.spi;

/**
 * The id of a project, the tenant that owns the data (docs/wire/conventions.md#a1). Object keys and
 * tags call it a team.
 */
public record ProjectId(long value) {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if {@code value} is negative
     */
    public ProjectId {
        if (value < 0) {
            throw new IllegalArgumentException("value must not be negative: " + value);
        }
    }

    /** Returns the id with the given number. */
    public static ProjectId of(long value) {
        return new ProjectId(value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
