package dev.errand.process;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The part of an agent's environment that is the same for all runs: variables inherited from the
 * host by name, and variables set by the host. Not thread-safe.
 */
final class BaseEnvironment {

    private static final String RESERVED_PREFIX = "ERRAND_";
    private static final String LOCALE_PREFIX = "LC_";
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private final Set<String> inherited = new TreeSet<>(Set.of("PATH", "LANG", "TZ"));
    private final Map<String, String> values = new TreeMap<>();

    void inherit(String name) {
        inherited.add(checked(name));
    }

    void set(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "the value of variable " + name + " contains a NUL character");
        }
        values.put(checked(name), value);
    }

    /**
     * Returns the environment of an agent, given the variables of the host. A variable that was set
     * overrides an inherited one.
     */
    Map<String, String> resolve(Map<String, String> host) {
        Map<String, String> resolved = new TreeMap<>(Map.of("PATH", DEFAULT_PATH));
        host.forEach(
                (name, value) -> {
                    if (inherited.contains(name) || name.startsWith(LOCALE_PREFIX)) {
                        resolved.put(name, value);
                    }
                });
        resolved.putAll(values);
        return Map.copyOf(resolved);
    }

    /** Returns the variables of the host, and those that were set, which override them. */
    Map<String, String> host(Map<String, String> host) {
        Map<String, String> all = new TreeMap<>(host);
        all.putAll(values);
        return Map.copyOf(all);
    }

    private static String checked(String name) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "variable name '" + name + "' is empty or contains '=' or NUL");
        }
        if (name.startsWith(RESERVED_PREFIX)) {
            throw new IllegalArgumentException(
                    "variable "
                            + name
                            + " is reserved: the launcher sets all variables that begin with "
                            + RESERVED_PREFIX);
        }
        return name;
    }
}
