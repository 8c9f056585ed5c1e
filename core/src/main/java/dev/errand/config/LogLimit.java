package dev.errand.config;

import dev.errand.spi.store.LogSize;

/**
 * How large the log of one run may become. Entries over the limit are not stored. One entry in the
 * log says so, and the description of the run.
 *
 * <p>Whether an entry is over the limit is decided by each process from what it appended and from
 * the number of all entries. Several processes that append to the log of one run may together
 * exceed the number of bytes, at most once each.
 *
 * @param maxEntries maximum number of entries
 * @param maxBytes maximum number of bytes of all entries in UTF-8
 */
public record LogLimit(long maxEntries, long maxBytes) {

    /** The default limit: 200,000 entries, 32 MiB. */
    public static final LogLimit DEFAULT = new LogLimit(200_000, 32L * 1024 * 1024);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a number is not positive
     */
    public LogLimit {
        if (maxEntries < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "maxEntries and maxBytes must be positive, not %d and %d"
                            .formatted(maxEntries, maxBytes));
        }
    }

    /** Returns whether a log of this size is within the limit. */
    public boolean permits(LogSize size) {
        return size.entries() <= maxEntries && size.bytes() <= maxBytes;
    }
}
