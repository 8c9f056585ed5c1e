package dev.errand.spring.boot;

import dev.errand.jdbc.SecretKeys;
import dev.errand.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a host, each derived from the property {@code errand.key} by HKDF (RFC 5869, SHA-256)
 * with its own label, so that one key does not reveal another. Immutable.
 */
final class ErrandKeys {

    private static final int MIN_LENGTH = 32;
    private static final int ID_BYTES = 4;
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] SALT = "errand-spring-boot".getBytes(StandardCharsets.UTF_8);

    private final byte[] root;
    private final List<ErrandKeys> previous;

    private ErrandKeys(byte[] root, List<ErrandKeys> previous) {
        this.root = root;
        this.previous = previous;
    }

    /**
     * Derives the keys.
     *
     * @throws IllegalStateException if a key is missing or too short
     */
    static ErrandKeys of(@Nullable Secret key, List<Secret> previous) {
        return new ErrandKeys(
                root("errand.key", key),
                previous.stream()
                        .map(it -> new ErrandKeys(root("errand.previous-keys", it), List.of()))
                        .toList());
    }

    private static byte[] root(String property, @Nullable Secret key) {
        if (key == null || key.reveal().length() < MIN_LENGTH) {
            throw new IllegalStateException(
                    "the property %s must be a secret of at least %d characters, the same on every node"
                            .formatted(property, MIN_LENGTH));
        }
        return hmac(SALT, key.reveal().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the key that signs links to logs. */
    Secret logLinks() {
        return Secret.of(Base64.getEncoder().encodeToString(derive("log links")));
    }

    /** Returns the key that signs sandbox tokens. */
    Secret sandboxTokens() {
        return Secret.of(Base64.getEncoder().encodeToString(derive("sandbox tokens")));
    }

    /** Returns the key that signs upload forms and links to artifacts. */
    Secret objects() {
        return Secret.of(Base64.getEncoder().encodeToString(derive("objects")));
    }

    /** Returns the keys that encrypt the secrets of runs. Their ids are derived, too. */
    SecretKeys runSecrets() {
        SecretKeys keys = SecretKeys.of(id(), secretKey());
        for (ErrandKeys earlier : previous) {
            keys = keys.and(earlier.id(), earlier.secretKey());
        }
        return keys;
    }

    private String id() {
        return HexFormat.of().formatHex(derive("id of run secrets"), 0, ID_BYTES);
    }

    private SecretKeySpec secretKey() {
        return new SecretKeySpec(derive("run secrets"), "AES");
    }

    /** A key of 256 bits needs only one block of HKDF-Expand. */
    private byte[] derive(String label) {
        return hmac(root, (label + '\u0001').getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(text);
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new IllegalStateException(ALGORITHM + " is not available", everyPlatformHasIt);
        }
    }
}
