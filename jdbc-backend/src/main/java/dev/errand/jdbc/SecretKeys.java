package dev.errand.jdbc;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * The host's keys for the secrets of runs: one that encrypts new secrets, and earlier ones that
 * decrypt existing secrets. Immutable; {@link #toString()} shows only the ids of the keys.
 *
 * <p>To rotate keys, pass the new key to {@link #of} and the previous one to {@link #and}, until
 * the secrets that it encrypted have expired.
 */
public final class SecretKeys {

    private final String currentId;
    private final Map<String, SecretKey> keys;

    private SecretKeys(String currentId, Map<String, SecretKey> keys) {
        this.currentId = currentId;
        this.keys = Map.copyOf(keys);
    }

    /**
     * Returns keys that encrypt and decrypt with the given key.
     *
     * @param id an id that is unique among the host's keys; it is stored beside each secret
     * @param key an AES key of 128, 192 or 256 bits
     */
    public static SecretKeys of(String id, SecretKey key) {
        Objects.requireNonNull(id, "id");
        return new SecretKeys(id, Map.of(id, Objects.requireNonNull(key, "key")));
    }

    /**
     * Returns a copy that can also decrypt secrets that were encrypted with an earlier key.
     *
     * @param id the id under which the key was used
     * @throws IllegalArgumentException if the id is already used by another key
     */
    public SecretKeys and(String id, SecretKey earlier) {
        Map<String, SecretKey> all = new HashMap<>(keys);
        if (all.put(id, earlier) != null) {
            throw new IllegalArgumentException(
                    "id must be unique, but '" + id + "' is already used by another key");
        }
        return new SecretKeys(currentId, all);
    }

    String currentId() {
        return currentId;
    }

    SecretKey current() {
        return find(currentId).orElseThrow();
    }

    Optional<SecretKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public String toString() {
        return "SecretKeys[" + currentId + " of " + keys.keySet() + "]";
    }
}
