package dev.errand.spi.network;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Pure functions on the hosts of URLs. */
public final class HostNames {

    /** The last label of an IPv4 address in any notation: decimal, octal or hexadecimal. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

    private HostNames() {}

    /**
     * Returns the canonical form of a host: in ASCII (IDNA), in lower case and without a trailing
     * dot. Returns empty if it is not a host.
     */
    public static Optional<String> canonical(String host) {
        try {
            String ascii =
                    host.startsWith("[") ? host : IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES);
            String lower = ascii.toLowerCase(Locale.ROOT);
            String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
            return name.isEmpty() || name.endsWith(".") ? Optional.empty() : Optional.of(name);
        } catch (IllegalArgumentException notIdna) {
            return Optional.empty();
        }
    }

    /**
     * Whether a canonical host is an IP address, in any notation that some resolver accepts: {@code
     * [::1]}, {@code 127.0.0.1}, {@code 127.1}, {@code 2130706433}, {@code 0177.0.0.1} or {@code
     * 0x7f.1}.
     */
    public static boolean isAddress(String canonical) {
        return canonical.indexOf(':') >= 0
                || NUMBER.matcher(canonical.substring(canonical.lastIndexOf('.') + 1)).matches();
    }

    /** Whether a canonical host is a domain or lies below it. */
    public static boolean isWithin(String canonical, String domain) {
        return canonical.equals(domain) || canonical.endsWith("." + domain);
    }
}
