package dev.errand.spi.sandbox;

import java.util.Objects;

/**
 * A file that a sandbox wrote as an artifact of its run.
 *
 * @param name the name that the agent chose; the core sanitises it
 * @param sizeInBytes the size
 * @param contentType the media type, {@code ""} if unknown
 * @param content opens the content, until the sandbox is discarded
 */
public record OutputArtifact(
        String name, long sizeInBytes, String contentType, Attachment.Content content) {

    /** Rejects null components. */
    public OutputArtifact {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(content, "content");
    }
}
