package dev.errand.server;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Derives the URL of a listener as seen from this machine. */
final class LocalUrl {

    private static final String LOCALHOST = "localhost";

    private LocalUrl() {}

    /** Returns the base URL. A listener on all addresses is reached through localhost. */
    static URI of(String host, int port) {
        return URI.create("http://" + (isWildcard(host) ? LOCALHOST : literal(host)) + ":" + port);
    }

    private static boolean isWildcard(String host) {
        try {
            return InetAddress.getByName(host).isAnyLocalAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    private static String literal(String host) {
        boolean isBareIpv6 = host.indexOf(':') >= 0 && !host.startsWith("[");
        return isBareIpv6 ? "[" + host + "]" : host;
    }
}
