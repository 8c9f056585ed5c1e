package dev.errand.spi.store;

import dev.errand.spi.PortException;
import java.time.Clock;
import java.util.Map;

/** Opens backends by the scheme of a URL. Found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {

    /** Returns the supported scheme without the colon, such as {@code memory} or {@code jdbc}. */
    String scheme();

    /**
     * Opens a backend.
     *
     * @param url the complete URL
     * @param options further settings by name
     * @param clock the clock to use, unless the backend has its own
     * @throws IllegalArgumentException if the URL or an option is not supported
     * @throws PortException if the storage cannot be opened
     */
    Backend open(String url, Map<String, String> options, Clock clock);
}
