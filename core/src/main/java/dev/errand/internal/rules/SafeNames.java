package dev.errand.internal.rules;

import dev.errand.internal.json.Text;
import java.util.Set;

/**
 * File names without path segments, control characters and bidirectional control characters
 * (docs/wire/artifacts.md#h3).
 */
public final class SafeNames {

    /** The name of an artifact whose own name has no safe characters. */
    public static final String DEFAULT_NAME = "artifact";

    // Clients of object stores remove both from the path of a URL, which changes the key.
    private static final Set<String> PATH_STEPS = Set.of(".", "..");

    private static final String BIDIRECTIONAL_CONTROLS =
            "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c";

    private SafeNames() {}

    /**
     * Returns the part after the last {@code /} or {@code \}, without control characters of both
     * kinds and trimmed; {@code artifact} if that is empty, {@code .} or {@code ..}. Idempotent.
     */
    public static String of(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        StringBuilder visible = new StringBuilder(last.length());
        last.codePoints()
                .filter(character -> !isControl(character))
                .forEach(visible::appendCodePoint);
        String printable = Text.trim(visible.toString());
        return printable.isEmpty() || PATH_STEPS.contains(printable) ? DEFAULT_NAME : printable;
    }

    /** With a bidirectional control character, {@code exe.txt} can be shown as {@code txt.exe}. */
    private static boolean isControl(int character) {
        return Character.isISOControl(character) || BIDIRECTIONAL_CONTROLS.indexOf(character) >= 0;
    }
}
