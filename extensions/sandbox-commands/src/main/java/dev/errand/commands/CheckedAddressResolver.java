package dev.errand.commands;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/**
 * Resolves the host of a connection, and refuses it if any of its addresses is not allowed. The
 * connection uses exactly the addresses that were checked, so a later change of the name has no
 * effect on it.
 */
record CheckedAddressResolver(SocketAddressResolver resolver, SandboxHosts hosts)
        implements SocketAddressResolver {

    @Override
    public void resolve(
            String host,
            int port,
            Map<String, Object> context,
            Promise<List<InetSocketAddress>> promise) {
        resolver.resolve(
                host,
                port,
                context,
                Promise.from(
                        addresses -> {
                            if (addresses.stream()
                                    .allMatch(each -> hosts.allows(host, each.getAddress()))) {
                                promise.succeeded(addresses);
                            } else {
                                promise.failed(new RefusedAddressException());
                            }
                        },
                        promise::failed));
    }

    /** The host has an address to which commands may not be sent. */
    static final class RefusedAddressException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedAddressException() {
            super("the host has an address to which commands may not be sent");
        }
    }
}
