package dev.errand.server;

import dev.errand.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a server, each derived from one secret by HKDF (RFC 5869, SHA-256) with its own
 * label, so that one key does not reveal another. Deterministic for a secret. Immutable.
 */
final class ServerKeys {

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] SALT = "errand-server".getBytes(StandardCharsets.UTF_8);

    private final byte[] root;

    private ServerKeys(byte[] root) {
        this.root = root;
    }

    /** Returns the keys derived from a secret. */
    static ServerKeys of(Secret secret) {
        return new ServerKeys(hmac(SALT, secret.reveal().getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns new random keys. */
    static ServerKeys random() {
        return of(TokenRegistry.random());
    }

    /** Returns the key that signs links to logs. */
    Secret logLinks() {
        return derive("log links");
    }

    /** Returns the key that signs sandbox tokens. */
    Secret sandboxTokens() {
        return derive("run tokens");
    }

    /** Returns the key that encrypts the secrets of runs: an AES key of 256 bits in base64. */
    Secret runSecrets() {
        return derive("run secrets");
    }

    /** A key of 256 bits needs only one block of HKDF-Expand. */
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
