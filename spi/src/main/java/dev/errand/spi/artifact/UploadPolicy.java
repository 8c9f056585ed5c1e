package dev.errand.spi.artifact;

import java.time.Instant;
import java.util.Objects;

/**
 * What an upload form allows (contract H5).
 *
 * @param key the one key it may write
 * @param minSizeInBytes the smallest body, inclusive
 * @param maxSizeInBytes the largest body, inclusive
 * @param expiresAt from when on the form is refused
 */
public record UploadPolicy(
        String key, long minSizeInBytes, long maxSizeInBytes, Instant expiresAt) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the range is negative or empty
     */
    public UploadPolicy {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(expiresAt, "expiresAt");
        if (minSizeInBytes < 0 || maxSizeInBytes < minSizeInBytes) {
            throw new IllegalArgumentException(
                    "no size fits " + minSizeInBytes + " to " + maxSizeInBytes);
        }
    }
}
