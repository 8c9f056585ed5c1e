package dev.errand.spi.sandbox;

import dev.errand.spi.artifact.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * An input file of a sandbox.
 *
 * @param id the id of its artifact
 * @param name its safe name, without separators and control characters
 * @param sizeInBytes its size
 * @param contentType its media type, {@code ""} if unknown
 * @param content opens its content
 */
public record Attachment(
        ArtifactId id, String name, long sizeInBytes, String contentType, Content content) {

    /** Opens the content of a file, each time from the start. The caller closes the stream. */
    @FunctionalInterface
    public interface Content {
        /** Opens the content. */
        InputStream open() throws IOException;
    }

    /** Rejects null components. */
    public Attachment {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(content, "content");
    }
}
