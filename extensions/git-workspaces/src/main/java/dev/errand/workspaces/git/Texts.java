package dev.errand.workspaces.git;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Functions of texts. */
final class Texts {

    private Texts() {}

    /**
     * Returns a text of one line without control characters, shortened to a number of characters.
     */
    static String printable(String text, int maxLength) {
        String clean =
                text.strip().replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Co}\\p{Cs}\u2028\u2029]+", " ");
        return clean.length() <= maxLength ? clean : clean.substring(0, maxLength) + "…";
    }

    static boolean hasControlCharacters(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** Returns the SHA-256 of a text in hexadecimal. */
    static String digest(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
