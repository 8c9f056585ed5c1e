package dev.errand.internal.rules;

import java.util.Set;

/** The name under which an artifact is stored and shown (contract H3). */
public final class SafeNames {

    /** The name of an artifact of whose own name nothing is left (contract H3). */
    public static final String NAMELESS = "artifact";

    // The contract names ".."; "." goes with it, because clients of object stores drop both from
    // the path of a URL and would then ask for another object.
    private static final Set<String> PATH_STEPS = Set.of(".", "..");

    private SafeNames() {}

    /**
     * The part behind the last {@code /} or {@code \}, without control characters, trimmed; {@code
     * artifact} if nothing or only a step in a path is left (contract H3). A safe name is its own
     * safe name.
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
        return printable.isEmpty() || PATH_STEPS.contains(printable) ? NAMELESS : printable;
    }
}
