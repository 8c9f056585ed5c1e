package dev.errand.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server serves its meters: never where it serves the API, since whoever may scrape needs
 * no credentials.
 *
 * @param host the name or address it listens on
 * @param port the port it listens on; 0 for any free one
 */
public record MetricsAddress(String host, int port) {

    /** This machine alone, unless somebody says otherwise. */
    private static final String LOOPBACK = "127.0.0.1";

    private static final Pattern TEXT =
            Pattern.compile("(?:(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+):)?([0-9]{1,5})");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code host} is blank, or {@code port} is outside 0 to
     *     65535
     */
    public MetricsAddress {
        if (host.isBlank() || port < 0 || port > ServerOptions.MAX_PORT) {
            throw refusal(host + ":" + port);
        }
    }

    /**
     * Reads {@code PORT}, for this machine alone, or {@code HOST:PORT}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static MetricsAddress parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw refusal(text);
        }
        String host = parts.group(1) == null ? LOOPBACK : parts.group(1);
        return new MetricsAddress(host, Integer.parseInt(parts.group(2)));
    }

    private static IllegalArgumentException refusal(String text) {
        return new IllegalArgumentException(
                "metrics must be a port or HOST:PORT, like 9464 or 0.0.0.0:9464, not " + text);
    }
}
