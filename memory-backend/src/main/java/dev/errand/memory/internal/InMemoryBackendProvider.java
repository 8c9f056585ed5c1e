package dev.errand.memory.internal;

import dev.errand.memory.InMemoryBackend;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendProvider;
import java.time.Clock;
import java.util.Map;

/** Opens an empty {@link InMemoryBackend} for the URL {@code memory:}, which has no options. */
public final class InMemoryBackendProvider implements BackendProvider {

    private static final String SCHEME = "memory";

    private static final String URL = SCHEME + ":";

    /** For {@link java.util.ServiceLoader}. */
    public InMemoryBackendProvider() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Backend open(String url, Map<String, String> options, Clock clock) {
        if (!url.equals(URL)) {
            throw new IllegalArgumentException("url must be " + URL + ", not " + url);
        }
        if (!options.isEmpty()) {
            throw new IllegalArgumentException(
                    URL + " has no options, but was given " + options.keySet());
        }
        return InMemoryBackend.create(clock);
    }
}
