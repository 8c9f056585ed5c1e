package dev.errand.spi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A confidential text such as a GitHub token, an API token or a signing key.
 *
 * <p>Neither {@link #toString()} nor serialization reveals it; {@link #reveal()} is the only
 * access. Immutable.
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

    /** Returns the text itself. Call it only where the text is passed on. */
    public String reveal() {
        return value;
    }

    /** Compares the texts in constant time. */
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

    /** Returns a placeholder that contains nothing of the text. */
    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
