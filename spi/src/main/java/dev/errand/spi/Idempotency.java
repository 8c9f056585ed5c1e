package dev.errand.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * The idempotency key of a request, with what is needed to recognise a repetition
 * (docs/wire/idempotency-and-limits.md#j29).
 *
 * <p>A store saves it in the transaction of the request's effect, together with the answer, and
 * keeps both for at least {@link #KEPT_FOR}. A request with the same caller, operation, key and
 * hash is a repetition. One with the same caller, operation and key but another hash is a conflict.
 *
 * @param caller a text that uniquely identifies the caller
 * @param operation the operation and its target, for example a method and a path
 * @param key the key that the client chose, 1 to {@value #MAX_KEY_LENGTH} characters
 * @param requestHash a digest of the request
 */
public record Idempotency(String caller, String operation, String key, String requestHash) {

    /** Maximum length of a key, in characters. */
    public static final int MAX_KEY_LENGTH = 255;

    /** Minimum time for which an answer is kept. */
    public static final Duration KEPT_FOR = Duration.ofHours(24);

    /**
     * Checks the components.
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
