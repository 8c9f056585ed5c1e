package dev.errand.spi;

import java.util.List;

/**
 * One page of a list (contract D0).
 *
 * @param items the rows of the page, in the list's order
 * @param total how many rows match in all, before paging
 */
public record Page<T>(List<T> items, long total) {

    /** Copies the rows. */
    public Page {
        items = List.copyOf(items);
    }
}
