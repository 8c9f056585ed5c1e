package dev.errand.spi;

/** The id of a user of the host (docs/wire/conventions.md#a6). */
public record UserId(long value) {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if {@code value} is negative
     */
    public UserId {
        if (value < 0) {
            throw new IllegalArgumentException("value must not be negative: " + value);
        }
    }

    /** Returns the id with the given number. */
    public static UserId of(long value) {
        return new UserId(value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
