package dev.errand.server;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** From what a listener is bound to, to an address by which this machine reaches it. */
final class ListenAddress {

    private static final String LOCALHOST = "localhost";

    private ListenAddress() {}

    /** The base address; a listener on every address of the machine is reached by its local one. */
    static URI url(String host, int port) {
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
