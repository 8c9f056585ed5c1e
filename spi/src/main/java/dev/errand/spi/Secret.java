package dev.errand.spi;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A confidential text such as a GitHub token, an API token or a signing key.
 *
 * <p>Neither {@link #toString()} nor serialization reveals it; {@link #reveal()} is the only
 * access. Immutable.
 */
public final class Secret {

    private static final String HMAC = "HmacSHA256";
    private static final int HASH_BYTES = 32;

    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /** Wraps a text. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /**
     * Derives a secret for one purpose by HKDF (RFC 5869, SHA-256, no salt), so that a host needs
     * to keep only one secret, and a derived one reveals neither it nor another derived one. The
     * result is the same for the same text and label.
     *
     * @param label names the purpose
     * @return a key of 256 bits in base64
     */
    public Secret derive(String label) {
        byte[] root = hmac(new byte[HASH_BYTES], value);
        // A key of 256 bits needs only one block of HKDF-Expand.
        return of(Base64.getEncoder().encodeToString(hmac(root, label + '\u0001')));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new IllegalStateException(HMAC + " is not available", everyPlatformHasIt);
        }
    }

    /** Returns the text itself. Call it only where the text is passed on. */
    public String reveal() {
        return value;
    }

    /** Compares the texts in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8),
                        that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Returns a placeholder that contains nothing of the text. */
    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
