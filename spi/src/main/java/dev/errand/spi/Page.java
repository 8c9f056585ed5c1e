package dev.errand.spi;

import java.util.List;

/**
 * One page of a list (docs/wire/conventions.md#d0).
 *
 * @param items the items of the page, in the order of the list
 * @param total number of items of all pages
 */
public record Page<T>(List<T> items, long total) {

    /** Copies the items. */
    public Page {
        items = List.copyOf(items);
    }
}
