package dev.errand.spi.store;

/**
 * Where a page of the entries that a filter selects begins, and how many there are.
 *
 * @param total number of entries of the log
 * @param matching number of entries that the filter selects
 * @param after the position to pass to {@link RunLog#read}, with the same filter, to get the page;
 *     that of the last log entry if the page is empty
 */
public record LogPage(long total, long matching, long after) {}
