package dev.errand.spi;

/** A project, the tenant of everything (contract A1). Also called a team. */
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

    /** The id with this number. */
    public static ProjectId of(long value) {
        return new ProjectId(value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
