package dev.errand.server;

import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendProvider;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Opens storage with the backend on the class path that supports the scheme of its URL. */
final class BackendOpener {

    private static final String DATABASE = "jdbc";

    private BackendOpener() {}

    /**
     * Opens the backend of a server.
     *
     * @throws InvalidOptionsException if no backend supports the scheme, the backend rejects the
     *     URL, or the password cannot be read
     * @throws dev.errand.spi.PortException if the storage cannot be opened
     */
    static Backend open(ServerOptions options, ServerKeys keys, Clock clock) {
        String url = options.backend();
        Map<String, BackendProvider> byScheme = new TreeMap<>();
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            byScheme.put(provider.scheme(), provider);
        }
        int colon = url.indexOf(':');
        String scheme = colon < 0 ? "" : url.substring(0, colon);
        BackendProvider provider = byScheme.get(scheme);
        if (provider == null) {
            // The rest of the URL may contain a password.
            throw InvalidOptionsException.of(
                    "--backend must begin with "
                            + String.join(": or ", byScheme.keySet())
                            + ":, "
                            + (colon < 0 ? "but has no scheme" : "not with " + scheme + ":"));
        }
        try {
            return provider.open(url, settings(scheme, options.database(), keys), clock);
        } catch (IllegalArgumentException invalid) {
            throw InvalidOptionsException.of("--backend: " + invalid.getMessage());
        }
    }

    /**
     * Contains only settings that were specified; a backend rejects settings that it does not know.
     */
    private static Map<String, String> settings(
            String scheme, DatabaseOptions database, ServerKeys keys) {
        Map<String, String> settings = new HashMap<>();
        database.user().ifPresent(user -> settings.put("user", user));
        database.readPassword().ifPresent(password -> settings.put("password", password));
        if (database.migrate()) {
            settings.put("migrate", "true");
        }
        if (scheme.equals(DATABASE)) {
            settings.put("secret-key", keys.runSecrets().reveal());
        }
        return settings;
    }
}
