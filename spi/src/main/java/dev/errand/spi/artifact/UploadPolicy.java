package dev.errand.spi.artifact;

import java.time.Instant;
import java.util.Objects;

/**
 * The upload that a form permits (docs/wire/artifacts.md#h5).
 *
 * @param key the key to write
 * @param minSizeInBytes minimum size, inclusive
 * @param maxSizeInBytes maximum size, inclusive
 * @param expiresAt the time from which the form is rejected
 */
public record UploadPolicy(
        String key, long minSizeInBytes, long maxSizeInBytes, Instant expiresAt) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code minSizeInBytes} is negative or greater than {@code
     *     maxSizeInBytes}
     */
    public UploadPolicy {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(expiresAt, "expiresAt");
        if (minSizeInBytes < 0 || maxSizeInBytes < minSizeInBytes) {
            throw new IllegalArgumentException(
                    "minSizeInBytes must be 0 to maxSizeInBytes, but minSizeInBytes is "
                            + minSizeInBytes
                            + " and maxSizeInBytes is "
                            + maxSizeInBytes);
        }
    }
}
