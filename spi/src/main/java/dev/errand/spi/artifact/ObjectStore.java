package dev.errand.spi.artifact;

import dev.errand.spi.ProjectId;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Stores the content of artifacts under keys that the core chooses (docs/wire/artifacts.md#h1).
 *
 * <p>A store treats keys as opaque, except that the project in a key must be the project of the
 * call; see {@link ObjectKeys}. A missing object is an empty result. Implementations are
 * thread-safe. A {@link dev.errand.spi.PortException} means that the store failed. <b>Retry</b> of
 * every method is safe.
 */
public interface ObjectStore {

    /**
     * Signs a form for one upload. The form is valid for exactly the key, size range and time of
     * the policy. An upload through it replaces the object completely or not at all.
     */
    UploadForm uploadForm(ProjectId project, UploadPolicy policy);

    /**
     * Signs a link by which one object can be read without credentials until {@code expiresAt}. The
     * object need not exist.
     */
    URI downloadUrl(ProjectId project, String key, Instant expiresAt);

    /** Finds the size, media type and tags of an object. */
    Optional<ObjectHead> head(ProjectId project, String key);

    /** Opens an object for reading. The caller closes the stream. */
    Optional<InputStream> open(ProjectId project, String key);

    /**
     * Writes an object, replacing one under the same key.
     *
     * <p><b>Precondition</b>: {@code content} yields exactly {@code sizeInBytes} bytes. The caller
     * closes it.
     *
     * <p><b>Atomicity</b>: the object is replaced completely, or, if this method throws, not at
     * all.
     */
    void write(
            ProjectId project,
            String key,
            InputStream content,
            long sizeInBytes,
            String contentType);

    /** Replaces all tags of an object. Returns false if there is no object under the key. */
    boolean tag(ProjectId project, String key, Map<String, String> tags);

    /** Deletes an object. Returns false if there is no object under the key. */
    boolean delete(ProjectId project, String key);
}
