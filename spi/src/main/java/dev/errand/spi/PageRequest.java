package dev.errand.spi;

/**
 * Which rows of a list are wanted (contract D0).
 *
 * @param limit how many rows at most, 1 to {@value #MAX_LIMIT}
 * @param offset how many matching rows to leave out first, 0 or more
 */
public record PageRequest(int limit, long offset) {

    /** The most rows that one page holds. */
    public static final int MAX_LIMIT = 500;

    /** How many rows a page holds where the caller does not say. */
    public static final int DEFAULT_LIMIT = 100;

    /** The first page of the default size. */
    public static final PageRequest FIRST = new PageRequest(DEFAULT_LIMIT, 0);

    /**
     * Checks both numbers.
     *
     * @throws IllegalArgumentException if {@code limit} is outside 1 to {@value #MAX_LIMIT} or
     *     {@code offset} is negative
     */
    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "limit must be 1 to " + MAX_LIMIT + ", not " + limit);
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative: " + offset);
        }
    }

    /** The page of {@code limit} rows that begins after {@code offset} rows. */
    public static PageRequest of(int limit, long offset) {
        return new PageRequest(limit, offset);
    }
}
