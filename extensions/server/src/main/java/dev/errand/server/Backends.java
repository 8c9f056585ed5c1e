package dev.errand.server;

import dev.errand.spi.Backend;
import dev.errand.spi.BackendProvider;
import java.time.Clock;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Opens storage by the scheme of its URL, with whatever backends are there. */
final class Backends {

    private Backends() {}

    /**
     * Opens a backend.
     *
     * @throws InvalidOptions if no backend has this scheme, or its backend refuses the URL
     * @throws dev.errand.spi.BackendException if the storage cannot be opened
     */
    static Backend open(String url, Clock clock) {
        Map<String, BackendProvider> byScheme = new TreeMap<>();
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            byScheme.put(provider.scheme(), provider);
        }
        int colon = url.indexOf(':');
        String scheme = colon < 0 ? "" : url.substring(0, colon);
        BackendProvider provider = byScheme.get(scheme);
        if (provider == null) {
            // The rest of a URL may hold a password.
            throw InvalidOptions.because(
                    "--backend must begin with "
                            + String.join(": or ", byScheme.keySet())
                            + ":, "
                            + (colon < 0 ? "and this has no scheme" : "not with " + scheme + ":"));
        }
        try {
            return provider.open(url, Map.of(), clock);
        } catch (IllegalArgumentException refused) {
            throw InvalidOptions.because("--backend: " + refused.getMessage());
        }
    }
}
