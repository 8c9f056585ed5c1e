package dev.errand.server;

import dev.errand.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a server, each derived from one secret by HKDF (RFC 5869, SHA-256) under a label of
 * its own: who learns one knows no other. The same secret gives the same keys. Immutable.
 */
final class Keys {

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] SALT = "errand-server".getBytes(StandardCharsets.UTF_8);

    private final byte[] root;

    private Keys(byte[] root) {
        this.root = root;
    }

    /** The keys that belong to a secret. */
    static Keys of(Secret secret) {
        return new Keys(hmac(SALT, secret.reveal().getBytes(StandardCharsets.UTF_8)));
    }

    /** Keys that nobody had before and nobody will have again. */
    static Keys random() {
        return of(Tokens.random());
    }

    /** Signs links to logs. */
    Secret logLinks() {
        return derive("log links");
    }

    /** Signs the tokens of sandboxes. */
    Secret runTokens() {
        return derive("run tokens");
    }

    /** Encrypts the secrets of runs: an AES key of 256 bits in base64. */
    Secret runSecrets() {
        return derive("run secrets");
    }

    /** One block of HKDF's second step is all that a key of 256 bits needs. */
    private Secret derive(String label) {
        byte[] key = hmac(root, (label + '\u0001').getBytes(StandardCharsets.UTF_8));
        return Secret.of(Base64.getEncoder().encodeToString(key));
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
