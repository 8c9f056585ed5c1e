package dev.errand.spi;

/**
 * Selects one page of a list (docs/wire/conventions.md#d0).
 *
 * @param limit maximum number of items, 1 to {@value #MAX_LIMIT}
 * @param offset number of items to skip, 0 or more
 */
public record PageRequest(int limit, long offset) {

    /** Maximum size of a page. */
    public static final int MAX_LIMIT = 500;

    /** Size of a page if the caller does not give one. */
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

    /** Returns the page of {@code limit} items that follows the first {@code offset} items. */
    public static PageRequest of(int limit, long offset) {
        return new PageRequest(limit, offset);
    }
}
