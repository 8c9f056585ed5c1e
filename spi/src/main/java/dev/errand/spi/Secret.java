package dev.errand.spi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A text that must not be seen: a caller's GitHub token, a run's API token, a signing key.
 *
 * <p>Neither {@link #toString()} nor serialization shows it; {@link #reveal()} is the only way to
 * it and easy to search for. Immutable.
 */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /** Wraps a text. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The text itself, for the one place that has to hand it over. */
    public String reveal() {
        return value;
    }

    /** Whether the other secret holds the same text, compared in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8),
                        that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Shows that something is hidden, and nothing of it. */
    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
