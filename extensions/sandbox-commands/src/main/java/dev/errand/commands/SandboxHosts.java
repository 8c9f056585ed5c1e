package dev.errand.commands;

import dev.errand.spi.network.AddressRange;
import dev.errand.spi.network.HostNames;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The agent servers to which commands may be sent (docs/wire/runs.md#i11): {@code http} on {@code
 * localhost} and {@code 127.0.0.1} with any port, and {@code https} on configured domains, whose
 * names must resolve to public addresses, or to private ones if these are allowed. Immutable.
 */
public final class SandboxHosts {

    /** Allows agent servers on this machine only. */
    public static final SandboxHosts LOCAL = new SandboxHosts(List.of(), false);

    private static final Set<String> LOCAL_HOSTS = Set.of("localhost", "127.0.0.1");
    private static final int HTTPS_PORT = 443;
    private static final int MAX_PORT = 65_535;

    private final List<Domain> domains;
    private final boolean allowsPrivateAddresses;

    private SandboxHosts(List<Domain> domains, boolean allowsPrivateAddresses) {
        this.domains = domains;
        this.allowsPrivateAddresses = allowsPrivateAddresses;
    }

    /**
     * Returns a copy that also allows a domain with all names below it.
     *
     * @param domain such as {@code sandboxes.example.com}, or {@code sandboxes.example.com:8443}
     *     for another port than 443
     * @throws IllegalArgumentException if it is not a domain, is an address, or has an invalid port
     */
    public SandboxHosts withDomain(String domain) {
        List<Domain> more = new ArrayList<>(domains);
        more.add(Domain.parse(domain));
        return new SandboxHosts(List.copyOf(more), allowsPrivateAddresses);
    }

    /**
     * Returns a copy that also allows the domains to resolve to addresses of private networks.
     * Loopback and link-local addresses stay forbidden.
     */
    public SandboxHosts withPrivateAddresses() {
        return new SandboxHosts(domains, true);
    }

    /** Whether commands may be sent to a URL. */
    boolean accept(String url) {
        return parse(url).isPresent();
    }

    /** Returns the URL that receives commands, or empty if the URL is not allowed. */
    Optional<URI> commandUrl(String url) {
        return parse(url)
                .map(
                        base -> {
                            String text = base.toString();
                            return URI.create((text.endsWith("/") ? text : text + "/") + "command");
                        });
    }

    /** Whether a connection to a host of an allowed URL may use an address. */
    boolean allows(String host, InetAddress address) {
        AddressRange range = AddressRange.of(address);
        return LOCAL_HOSTS.contains(host)
                ? range == AddressRange.LOOPBACK
                : range == AddressRange.PUBLIC
                        || allowsPrivateAddresses && range == AddressRange.PRIVATE;
    }

    /** Other parsers read a backslash or an escaped one as the end of the host. */
    private Optional<URI> parse(String url) {
        try {
            URI uri = new URI(url);
            boolean isPlain =
                    uri.getHost() != null
                            && uri.getRawUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null
                            && !url.toLowerCase(Locale.ROOT).contains("%5c");
            return isPlain && isAllowed(uri) ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException notUrl) {
            return Optional.empty();
        }
    }

    private boolean isAllowed(URI uri) {
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "http" -> LOCAL_HOSTS.contains(uri.getHost()) && uri.getPort() != 0;
            case "https" ->
                    HostNames.canonical(uri.getHost())
                            .filter(host -> !HostNames.isAddress(host))
                            .filter(host -> isConfigured(host, uri.getPort()))
                            .isPresent();
            default -> false;
        };
    }

    private boolean isConfigured(String host, int port) {
        int effective = port < 0 ? HTTPS_PORT : port;
        return domains.stream()
                .anyMatch(it -> it.port == effective && HostNames.isWithin(host, it.name));
    }

    private record Domain(String name, int port) {
        static Domain parse(String text) {
            int colon = text.indexOf(':');
            String host = colon < 0 ? text : text.substring(0, colon);
            return HostNames.canonical(host)
                    .filter(name -> !HostNames.isAddress(name))
                    .map(
                            name ->
                                    new Domain(
                                            name,
                                            colon < 0
                                                    ? HTTPS_PORT
                                                    : port(text.substring(colon + 1))))
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "must be a domain such as sandboxes.example.com, not "
                                                    + text));
        }

        private static int port(String text) {
            if (!text.matches("[0-9]{1,5}")
                    || Integer.parseInt(text) < 1
                    || Integer.parseInt(text) > MAX_PORT) {
                throw new IllegalArgumentException("port must be 1 to 65535, not " + text);
            }
            return Integer.parseInt(text);
        }
    }
}
