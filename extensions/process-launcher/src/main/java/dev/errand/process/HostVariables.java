package dev.errand.process;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Chooses what an agent gets of the host's environment: what was named, and nothing else. Not
 * thread-safe.
 */
final class HostVariables {

    private static final String RESERVED_PREFIX = "ERRAND_";
    private static final String LOCALE_PREFIX = "LC_";
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private final Set<String> passedOn = new TreeSet<>(Set.of("PATH", "LANG", "TZ"));
    private final Map<String, String> given = new TreeMap<>();

    void passOn(String name) {
        passedOn.add(checked(name));
    }

    void give(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the value of " + name + " holds a NUL");
        }
        given.put(checked(name), value);
    }

    /** The chosen part of a host's environment; what was given wins. */
    Map<String, String> from(Map<String, String> host) {
        Map<String, String> chosen = new TreeMap<>(Map.of("PATH", DEFAULT_PATH));
        host.forEach(
                (name, value) -> {
                    if (passedOn.contains(name) || name.startsWith(LOCALE_PREFIX)) {
                        chosen.put(name, value);
                    }
                });
        chosen.putAll(given);
        return Map.copyOf(chosen);
    }

    private static String checked(String name) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no variable can be named '" + name + "'");
        }
        if (name.startsWith(RESERVED_PREFIX)) {
            throw new IllegalArgumentException(
                    name + " is the launcher's: it sets all that begin with " + RESERVED_PREFIX);
        }
        return name;
    }
}
