package dev.errand.http;

import dev.errand.spi.PageRequest;
import java.util.Optional;
import java.util.Set;

/**
 * The requested page of a list, and the URLs of its neighbours (docs/wire/conventions.md#d0).
 *
 * @param page the page
 * @param url the absolute URL of the list, without query
 * @param query the query of the request
 */
record Paging(PageRequest page, String url, QueryParameters query) {

    private static final String LIMIT = "limit";
    private static final String OFFSET = "offset";

    /** Parses the page of a query; a limit or offset that is not a positive number is ignored. */
    static Paging of(String url, QueryParameters query) {
        long limit =
                query.text(LIMIT)
                        .flatMap(WholeNumbers::parse)
                        .filter(number -> number > 0)
                        .orElse((long) PageRequest.DEFAULT_LIMIT);
        long offset =
                query.text(OFFSET)
                        .flatMap(WholeNumbers::parse)
                        .filter(number -> number > 0)
                        .orElse(0L);
        int cappedLimit = (int) Math.min(limit, PageRequest.MAX_LIMIT);
        return new Paging(PageRequest.of(cappedLimit, offset), url, query);
    }

    /** Returns the URL of the next page, unless this is the last. */
    Optional<String> next(long total) {
        long left = total - page.limit();
        return page.offset() < left
                ? Optional.of(at(page.offset() + page.limit()))
                : Optional.empty();
    }

    /** Returns the URL of the previous page, unless this is the first. */
    Optional<String> previous() {
        return page.offset() == 0
                ? Optional.empty()
                : Optional.of(at(Math.max(0, page.offset() - page.limit())));
    }

    private String at(long offset) {
        String others = query.without(Set.of(LIMIT, OFFSET));
        return url
                + '?'
                + (others.isEmpty() ? "" : others + '&')
                + (LIMIT + '=' + page.limit())
                + (offset == 0 ? "" : '&' + OFFSET + '=' + offset);
    }
}
