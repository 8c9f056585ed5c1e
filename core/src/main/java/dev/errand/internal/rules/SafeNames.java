package dev.errand.internal.rules;

import java.util.Set;

/** File names without path segments and control characters (docs/wire/artifacts.md#h3). */
public final class SafeNames {

    /** The name of an artifact whose own name has no safe characters. */
    public static final String DEFAULT_NAME = "artifact";

    // Clients of object stores remove both from the path of a URL, which changes the key.
    private static final Set<String> PATH_STEPS = Set.of(".", "..");

    private SafeNames() {}

    /**
     * Returns the part after the last {@code /} or {@code \}, without control characters and
     * trimmed; {@code artifact} if that is empty, {@code .} or {@code ..}. Idempotent.
     */
    public static String of(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String printable =
                last.codePoints()
                        .filter(character -> !Character.isISOControl(character))
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString()
                        .strip();
        return printable.isEmpty() || PATH_STEPS.contains(printable) ? DEFAULT_NAME : printable;
    }
}
