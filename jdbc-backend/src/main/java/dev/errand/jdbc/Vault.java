package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import dev.errand.spi.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals secrets with AES-GCM under the host's keys. A sealed secret is a nonce and what was
 * encrypted; it opens only at the place it was sealed for, so rows cannot be swapped.
 */
final class Vault {

    private static final String PORT = "SecretStore";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Optional<SecretKeys> keys;
    private final SecureRandom random = new SecureRandom();

    Vault(Optional<SecretKeys> keys) {
        this.keys = keys;
    }

    /** The id of the key that {@link #seal} uses. */
    String keyId() {
        return keys().currentId();
    }

    byte[] seal(Secret secret, String place) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] text = secret.reveal().getBytes(StandardCharsets.UTF_8);
        byte[] sealed = apply(Cipher.ENCRYPT_MODE, keys().current(), nonce, text, place);
        return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    }

    Secret open(byte[] sealed, String keyId, String place) {
        SecretKey key =
                keys().find(keyId)
                        .orElseThrow(
                                () ->
                                        failure(
                                                "a secret was encrypted under key '"
                                                        + keyId
                                                        + "', which the host did not give",
                                                null));
        ByteBuffer buffer = ByteBuffer.wrap(sealed);
        byte[] nonce = new byte[NONCE_BYTES];
        buffer.get(nonce);
        byte[] encrypted = new byte[buffer.remaining()];
        buffer.get(encrypted);
        byte[] text = apply(Cipher.DECRYPT_MODE, key, nonce, encrypted, place);
        return Secret.of(new String(text, StandardCharsets.UTF_8));
    }

    private static byte[] apply(int mode, SecretKey key, byte[] nonce, byte[] input, String place) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw failure("a secret cannot be encrypted or decrypted with its key", e);
        }
    }

    private SecretKeys keys() {
        return keys.orElseThrow(
                () ->
                        failure(
                                "no key was given to encrypt secrets with; see"
                                        + " JdbcBackend.Builder.secretKeys",
                                null));
    }

    private static BackendException failure(String message, Throwable cause) {
        return BackendException.permanent(PORT, message, cause);
    }
}
