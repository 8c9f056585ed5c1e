package dev.errand.spi.artifact;

import java.time.Instant;
import java.util.Objects;

/**
 * The download that a link permits, and how the file is described to the client
 * (docs/wire/artifacts.md#h5).
 *
 * @param key the key to read
 * @param fileName the name under which clients save the file
 * @param contentType the media type to send, {@code ""} if unknown
 * @param expiresAt the time from which the link is rejected
 */
public record DownloadPolicy(String key, String fileName, String contentType, Instant expiresAt) {

    /** Rejects null components. */
    public DownloadPolicy {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(fileName, "fileName");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(expiresAt, "expiresAt");
    }
}
