package dev.errand.spi.internal;

import java.util.Optional;
import java.util.UUID;

/**
 * Strict parsing of UUIDs. {@link UUID#fromString} also accepts short groups and silently truncates
 * long ones.
 */
public final class UuidText {

    private static final int HYPHENATED_LENGTH = 36;
    private static final int PLAIN_LENGTH = 32;

    private UuidText() {}

    /** Parses the form {@code 8-4-4-4-12} of hexadecimal digits. Empty for any other text. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != HYPHENATED_LENGTH) {
            return Optional.empty();
        }
        for (int i = 0; i < HYPHENATED_LENGTH; i++) {
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            char c = text.charAt(i);
            if (hyphen ? c != '-' : !isHexDigit(c)) {
                return Optional.empty();
            }
        }
        return Optional.of(UUID.fromString(text));
    }

    private static boolean isHexDigit(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    /** Parses the hyphenated form or 32 hexadecimal digits. Empty for any other text. */
    public static Optional<UUID> parseLenient(String text) {
        if (text.length() != PLAIN_LENGTH) {
            return parse(text);
        }
        return parse(
                String.join(
                        "-",
                        text.substring(0, 8),
                        text.substring(8, 12),
                        text.substring(12, 16),
                        text.substring(16, 20),
                        text.substring(20)));
    }
}
