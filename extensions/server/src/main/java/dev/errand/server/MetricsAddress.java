package dev.errand.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address that serves a server's metrics. It is separate from the API because it requires no
 * credentials.
 *
 * @param host the host name or IP address to listen on
 * @param port the port to listen on; 0 for any free port
 */
public record MetricsAddress(String host, int port) {

    /** The default host, which only this machine can reach. */
    private static final String LOOPBACK = "127.0.0.1";

    private static final Pattern TEXT =
            Pattern.compile("(?:(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+):)?([0-9]{1,5})");

    /**
     * Validates the values.
     *
     * @throws IllegalArgumentException if {@code host} is blank, or {@code port} is outside of 0 to
     *     65535
     */
    public MetricsAddress {
        if (host.isBlank() || port < 0 || port > ServerOptions.MAX_PORT) {
            throw invalid(host + ":" + port);
        }
    }

    /**
     * Parses {@code PORT} or {@code HOST:PORT}. The default host is 127.0.0.1.
     *
     * @throws IllegalArgumentException if {@code text} has neither form
     */
    static MetricsAddress parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw invalid(text);
        }
        String host = parts.group(1) == null ? LOOPBACK : parts.group(1);
        return new MetricsAddress(host, Integer.parseInt(parts.group(2)));
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException(
                "metrics must be a port or HOST:PORT, like 9464 or 0.0.0.0:9464, not " + text);
    }
}
