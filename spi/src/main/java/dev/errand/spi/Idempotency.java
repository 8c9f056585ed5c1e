package dev.errand.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * What makes a repeated request recognisable (contract J29).
 *
 * <p>A store keeps it in the same step as the effect, with the first answer, for at least {@link
 * #KEPT_FOR}. The same {@code (caller, operation, key)} with the same {@code requestHash} is a
 * repetition; with another it is a conflict.
 *
 * @param caller who asked, in a form that no other caller shares
 * @param operation what was asked, of which object; a method and path, for example
 * @param key the client's own key, 1 to {@value #MAX_KEY_LENGTH} characters
 * @param requestHash a digest of the request's meaning
 */
public record Idempotency(String caller, String operation, String key, String requestHash) {

    /** The longest key that a client may send, in characters. */
    public static final int MAX_KEY_LENGTH = 255;

    /** How long a first answer is kept. */
    public static final Duration KEPT_FOR = Duration.ofHours(24);

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if {@code key} is empty or longer than {@value
     *     #MAX_KEY_LENGTH}
     */
    public Idempotency {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(requestHash, "requestHash");
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "key must have 1 to " + MAX_KEY_LENGTH + " characters, has " + key.length());
        }
    }
}
