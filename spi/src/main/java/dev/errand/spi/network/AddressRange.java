package dev.errand.spi.network;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * The part of the IP address space that an address belongs to. A server that connects to a host
 * which others have named should connect to {@link #PUBLIC} addresses only, and should judge the
 * address to which it connects, not an earlier look-up of the name.
 */
public enum AddressRange {
    /** Reachable from the whole internet. */
    PUBLIC,
    /** A private network, or one that carriers share. */
    PRIVATE,
    /** The machine itself. */
    LOOPBACK,
    /** The local link, where clouds serve metadata and credentials. */
    LINK_LOCAL,
    /** A group of hosts. */
    MULTICAST,
    /** Unspecified, reserved for documentation or protocols, or not assigned. */
    RESERVED;

    private static final int IPV4_LENGTH = 4;
    private static final int BITS = 8;

    // spotless:off
    /** The first row that contains an address is used. An address in no row is public. */
    private static final List<Row> IPV4 = List.of(
            row("0.0.0.0",         8, RESERVED),
            row("10.0.0.0",        8, PRIVATE),
            row("100.64.0.0",     10, PRIVATE),
            row("127.0.0.0",       8, LOOPBACK),
            row("169.254.0.0",    16, LINK_LOCAL),
            row("172.16.0.0",     12, PRIVATE),
            row("192.0.0.0",      24, RESERVED),
            row("192.0.2.0",      24, RESERVED),
            row("192.88.99.0",    24, RESERVED),
            row("192.168.0.0",    16, PRIVATE),
            row("198.18.0.0",     15, RESERVED),
            row("198.51.100.0",   24, RESERVED),
            row("203.0.113.0",    24, RESERVED),
            row("224.0.0.0",       4, MULTICAST),
            row("240.0.0.0",       4, RESERVED));

    /** The first row that contains an address is used. An address in no row is reserved. */
    private static final List<Row> IPV6 = List.of(
            row("::1",           128, LOOPBACK),
            row("fc00::",          7, PRIVATE),
            row("fe80::",         10, LINK_LOCAL),
            row("fec0::",         10, PRIVATE),
            row("ff00::",          8, MULTICAST),
            row("2001::",         23, RESERVED),
            row("2001:db8::",     32, RESERVED),
            row("3fff::",         20, RESERVED),
            row("2000::",          3, PUBLIC));

    /** Prefixes of IPv6 addresses that contain an IPv4 address, and its position in bytes. */
    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(row("64:ff9b::",    96, PUBLIC), 12),
            new Embedding(row("64:ff9b:1::",  48, PUBLIC), 12),
            new Embedding(row("2002::",       16, PUBLIC), 2));
    // spotless:on

    /**
     * Returns the range of an address. An IPv6 address that stands for an IPv4 address (mapped,
     * translated or 6to4) is judged as that address.
     */
    public static AddressRange of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return find(IPV4, bytes, PUBLIC);
        }
        if (isMapped(bytes)) {
            return find(
                    IPV4,
                    Arrays.copyOfRange(bytes, bytes.length - IPV4_LENGTH, bytes.length),
                    PUBLIC);
        }
        for (Embedding each : EMBEDDINGS) {
            if (each.prefix.contains(bytes)) {
                return find(
                        IPV4,
                        Arrays.copyOfRange(bytes, each.position, each.position + IPV4_LENGTH),
                        PUBLIC);
            }
        }
        return find(IPV6, bytes, RESERVED);
    }

    /** Java converts mapped addresses, except those with a zone. */
    private static boolean isMapped(byte[] ipv6) {
        for (int i = 0; i < 10; i++) {
            if (ipv6[i] != 0) {
                return false;
            }
        }
        return ipv6[10] == -1 && ipv6[11] == -1;
    }

    private static AddressRange find(List<Row> table, byte[] address, AddressRange otherwise) {
        return table.stream()
                .filter(row -> row.contains(address))
                .findFirst()
                .map(Row::range)
                .orElse(otherwise);
    }

    private static Row row(String address, int length, AddressRange range) {
        try {
            return new Row(InetAddress.getByName(address).getAddress(), length, range);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Row(byte[] prefix, int length, AddressRange range) {
        boolean contains(byte[] address) {
            for (int bit = 0; bit < length; bit++) {
                int mask = 1 << (BITS - 1 - bit % BITS);
                if ((prefix[bit / BITS] & mask) != (address[bit / BITS] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private record Embedding(Row prefix, int position) {}
}
