package dev.errand.spi.artifact;

import dev.errand.spi.ProjectId;
import java.io.InputStream;
import java.net.URI;
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
     * the policy, until the key is {@linkplain #closeUploads closed} or the object is {@linkplain
     * #delete deleted}. An upload through it replaces the object completely or not at all.
     *
     * <p><b>Precondition</b>: the key was never closed or deleted.
     */
    UploadForm uploadForm(ProjectId project, UploadPolicy policy);

    /**
     * Voids all forms for a key: from now on, neither they nor an upload that has already begun
     * change what is read under the key (docs/wire/artifacts.md#h5). A store that cannot void a
     * form keeps the current version of the object apart from the form's key and reads that one.
     *
     * <p><b>Result</b>: the metadata of the object as it stays. Empty if there is no object; the
     * forms are then still valid.
     *
     * <p><b>Atomicity</b>: an upload is stored completely before this call, or not at all.
     */
    Optional<ObjectHead> closeUploads(ProjectId project, String key);

    /**
     * Signs a link by which one object can be read without credentials. The response has the file
     * name and media type of the policy, whatever those of the object are. The object need not
     * exist.
     */
    URI downloadUrl(ProjectId project, DownloadPolicy policy);

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

    /**
     * Deletes an object and voids all forms for its key, so that none of them creates the object
     * again. Returns false if there is no object under the key; the forms are void all the same.
     */
    boolean delete(ProjectId project, String key);
}
