package dev.errand.spi.dispatch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A file that a sandbox starts with.
 *
 * @param id the artifact's id
 * @param name its safe name: no separators, no control characters
 * @param sizeInBytes its size
 * @param contentType its media type, {@code ""} when unknown
 * @param content opens its bytes
 */
public record Attachment(
        String id, String name, long sizeInBytes, String contentType, Content content) {

    /** Opens bytes, each time from the start; the caller closes the stream. */
    @FunctionalInterface
    public interface Content {
        /** Opens the bytes. */
        InputStream open() throws IOException;
    }

    /** Refuses null. */
    public Attachment {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(content, "content");
    }
}
