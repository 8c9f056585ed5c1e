package dev.errand.spi.dispatch;

import java.util.Objects;

/**
 * A file that a sandbox left behind as an artifact.
 *
 * @param name the file's name as the agent chose it; the core makes it safe
 * @param sizeInBytes its size
 * @param contentType its media type, {@code ""} when unknown
 * @param content opens its bytes, as long as the sandbox was not discarded
 */
public record OutputArtifact(
        String name, long sizeInBytes, String contentType, Attachment.Content content) {

    /** Refuses null. */
    public OutputArtifact {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(content, "content");
    }
}
