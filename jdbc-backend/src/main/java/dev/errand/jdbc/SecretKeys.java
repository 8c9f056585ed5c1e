package dev.errand.jdbc;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * The host's keys for the secrets of runs: one to encrypt with, and those of before that may still
 * be needed to decrypt. Immutable; {@link #toString()} shows the keys' ids only.
 *
 * <p>To rotate, give the new key first and keep the old one with {@link #and} until the secrets
 * that it encrypted have expired.
 */
public final class SecretKeys {

    private final String currentId;
    private final Map<String, SecretKey> keys;

    private SecretKeys(String currentId, Map<String, SecretKey> keys) {
        this.currentId = currentId;
        this.keys = Map.copyOf(keys);
    }

    /**
     * Encrypts with this AES key of 128, 192 or 256 bits.
     *
     * @param id what the key is called in the table; another for each key
     */
    public static SecretKeys of(String id, SecretKey key) {
        Objects.requireNonNull(id, "id");
        return new SecretKeys(id, Map.of(id, Objects.requireNonNull(key, "key")));
    }

    /**
     * Decrypts with this key what it once encrypted.
     *
     * @throws IllegalArgumentException if a key with this id was given before
     */
    public SecretKeys and(String id, SecretKey earlier) {
        Map<String, SecretKey> all = new HashMap<>(keys);
        if (all.put(id, earlier) != null) {
            throw new IllegalArgumentException("id " + id + " is another key's");
        }
        return new SecretKeys(currentId, all);
    }

    String currentId() {
        return currentId;
    }

    SecretKey current() {
        return keys.get(currentId);
    }

    Optional<SecretKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public String toString() {
        return "SecretKeys[" + currentId + " of " + keys.keySet() + "]";
    }
}
