package dev.errand.spi.store;

/**
 * Where a page of the entries that a filter selects begins, and how many there are.
 *
 * @param total number of entries of the log
 * @param matching number of entries that the filter selects
 * @param after position of the entry before the first one of the page: reading after it, with the
 *     same filter, returns the page; the end of the log if the page is empty
 */
public record LogPage(long total, long matching, long after) {}
