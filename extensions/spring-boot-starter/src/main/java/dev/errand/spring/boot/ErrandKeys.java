package dev.errand.spring.boot;

import dev.errand.jdbc.SecretKeys;
import dev.errand.spi.Secret;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a host, each derived from the property {@code errand.key} with its own label.
 * Immutable.
 *
 * @param root the property
 * @param previous earlier values of it
 */
record ErrandKeys(Secret root, List<Secret> previous) {

    private static final int MIN_LENGTH = 32;
    private static final int ID_LENGTH = 8;

    /**
     * Derives the keys.
     *
     * @throws IllegalStateException if a key is missing or too short
     */
    static ErrandKeys of(@Nullable Secret key, List<Secret> previous) {
        previous.forEach(it -> requireLong("errand.previous-keys", it));
        return new ErrandKeys(requireLong("errand.key", key), List.copyOf(previous));
    }

    private static Secret requireLong(String property, @Nullable Secret key) {
        if (key == null || key.reveal().length() < MIN_LENGTH) {
            throw new IllegalStateException(
                    "the property %s must be a secret of at least %d characters, the same on every node"
                            .formatted(property, MIN_LENGTH));
        }
        return key;
    }

    /** Returns the key that signs links to logs. */
    Secret logLinks() {
        return root.derive("log links");
    }

    /** Returns the key that signs sandbox tokens. */
    Secret sandboxTokens() {
        return root.derive("sandbox tokens");
    }

    /** Returns the key that signs upload forms and links to artifacts. */
    Secret objects() {
        return root.derive("objects");
    }

    /** Returns the keys that encrypt the secrets of runs. Their ids are derived, too. */
    SecretKeys runSecrets() {
        SecretKeys keys = SecretKeys.of(id(root), secretKey(root));
        for (Secret earlier : previous) {
            keys = keys.and(id(earlier), secretKey(earlier));
        }
        return keys;
    }

    private static String id(Secret key) {
        return key.derive("id of run secrets").reveal().substring(0, ID_LENGTH);
    }

    private static SecretKeySpec secretKey(Secret key) {
        String derived = key.derive("run secrets").reveal();
        return new SecretKeySpec(Base64.getDecoder().decode(derived), "AES");
    }
}
