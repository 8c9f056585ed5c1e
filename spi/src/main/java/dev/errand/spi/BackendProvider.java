package dev.errand.spi;

import java.time.Clock;
import java.util.Map;

/** Opens backends by the scheme of their URL; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {

    /** The scheme it opens, without the colon: {@code memory}, {@code jdbc}. */
    String scheme();

    /**
     * Opens a backend.
     *
     * @param url the whole URL
     * @param options further settings by name; an unknown name is refused
     * @param clock the clock, for a backend that has none of its own
     * @throws IllegalArgumentException if the URL or an option is not one of this provider's
     * @throws BackendException if the storage cannot be opened
     */
    Backend open(String url, Map<String, String> options, Clock clock);
}
