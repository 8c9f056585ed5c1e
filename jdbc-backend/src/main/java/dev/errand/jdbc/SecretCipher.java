package dev.errand.jdbc;

import dev.errand.spi.PortException;
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
 * Encrypts secrets with AES-GCM under the host's keys. The stored form is the nonce followed by the
 * ciphertext. The context, which identifies the row, is authenticated, so that the ciphertext of
 * one row cannot be decrypted in another.
 */
final class SecretCipher {

    private static final String PORT = "SecretStore";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Optional<SecretKeys> keys;
    private final SecureRandom random = new SecureRandom();

    SecretCipher(Optional<SecretKeys> keys) {
        this.keys = keys;
    }

    /** Returns the id of the key that {@link #encrypt} uses. */
    String keyId() {
        return keys().currentId();
    }

    byte[] encrypt(Secret secret, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] text = secret.reveal().getBytes(StandardCharsets.UTF_8);
        byte[] sealed = apply(Cipher.ENCRYPT_MODE, keyId(), keys().current(), nonce, text, context);
        return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    }

    Secret decrypt(byte[] sealed, String keyId, String context) {
        SecretKey key =
                keys().find(keyId)
                        .orElseThrow(
                                () ->
                                        PortException.permanent(
                                                PORT,
                                                "a secret was encrypted with key '"
                                                        + keyId
                                                        + "', which SecretKeys does not contain; add it with SecretKeys.and"));
        ByteBuffer buffer = ByteBuffer.wrap(sealed);
        byte[] nonce = new byte[NONCE_BYTES];
        buffer.get(nonce);
        byte[] encrypted = new byte[buffer.remaining()];
        buffer.get(encrypted);
        byte[] text = apply(Cipher.DECRYPT_MODE, keyId, key, nonce, encrypted, context);
        return Secret.of(new String(text, StandardCharsets.UTF_8));
    }

    private static byte[] apply(
            int mode, String keyId, SecretKey key, byte[] nonce, byte[] input, String context) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw PortException.permanent(
                    PORT, "a secret cannot be encrypted or decrypted with key '" + keyId + "'", e);
        }
    }

    private SecretKeys keys() {
        return keys.orElseThrow(
                () ->
                        PortException.permanent(
                                PORT,
                                "secrets need a key; set one with JdbcBackend.Builder.secretKeys"));
    }
}
