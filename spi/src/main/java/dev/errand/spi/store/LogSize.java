package dev.errand.spi.store;

/**
 * The size of a log.
 *
 * @param entries number of entries
 * @param bytes number of bytes of the entries in UTF-8; may include one for each entry as separator
 */
public record LogSize(long entries, long bytes) {

    /** The size of a log without entries. */
    public static final LogSize EMPTY = new LogSize(0, 0);
}
