package dev.errand.spi.artifact;

import dev.errand.spi.ProjectId;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the bytes of artifacts under keys that the core chooses (contract H1).
 *
 * <p>Keys are opaque to a store, but a key's project segment always agrees with the project
 * argument. Methods are thread-safe. A store that cannot be reached throws {@link
 * dev.errand.spi.BackendException}; an object that is not there is an empty answer. <b>Retry</b> of
 * every method is safe.
 */
public interface ObjectStore {

    /**
     * Signs a form for one upload.
     *
     * <p><b>Postcondition</b>: the form works for exactly the policy's key, size range and time; an
     * upload through it replaces the object as a whole or not at all.
     */
    UploadForm uploadForm(ProjectId project, UploadPolicy policy);

    /**
     * Signs a link that reads one object without credentials until {@code expiresAt}. The object
     * need not exist.
     */
    URI downloadUrl(ProjectId project, String key, Instant expiresAt);

    /** What is known of an object; empty if there is none under the key. */
    Optional<ObjectHead> head(ProjectId project, String key);

    /**
     * Opens an object for reading, to be closed by the caller; empty if there is none under the
     * key.
     */
    Optional<InputStream> open(ProjectId project, String key);

    /**
     * Writes an object as a whole, replacing one under the same key.
     *
     * <p><b>Precondition</b>: {@code content} yields exactly {@code sizeInBytes} bytes.
     * <b>Postcondition</b>: all of it is there, or, where this throws, what was there before. The
     * caller closes the stream.
     */
    void write(
            ProjectId project,
            String key,
            InputStream content,
            long sizeInBytes,
            String contentType);

    /** Replaces an object's tags; false if there is none under the key. */
    boolean tag(ProjectId project, String key, Map<String, String> tags);

    /** Deletes an object; false if there was none under the key. */
    boolean delete(ProjectId project, String key);
}
