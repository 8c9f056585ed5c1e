package dev.errand.spi.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * An object store inside the host's process, whose forms and links have URLs served by the host.
 * The HTTP extension serves them and passes uploads and downloads to this interface
 * (docs/wire/artifacts.md#h5).
 */
public interface LocalObjectStore extends ObjectStore {

    /** The path segment under which the host serves uploads and downloads. */
    String PATH = "_objects";

    /**
     * Sets the URL at which the host serves the store. Forms and links that are created later start
     * with it.
     *
     * @param baseUrl the absolute URL to which {@link #PATH} is appended, with or without a final
     *     slash
     */
    void setBaseUrl(URI baseUrl);

    /**
     * Returns the maximum size that a form allows, before its file is read. Empty if the form was
     * altered, was signed elsewhere or has expired.
     *
     * @param fields all fields of the form except the file
     */
    OptionalLong sizeLimit(Map<String, String> fields);

    /**
     * Stores one upload.
     *
     * @param fields all fields of the form except the file
     * @param isAccepted decides by the key whether to accept the upload of a valid form; called at
     *     most once, before content is read
     * @param content the content of the file part; at most one byte more than the permitted size is
     *     read; closed by the caller
     * @param contentType the media type of the file part, {@code ""} if it has none
     * @throws IOException if {@code content} cannot be read; nothing was stored
     */
    UploadResult receive(
            Map<String, String> fields,
            Predicate<String> isAccepted,
            InputStream content,
            String contentType)
            throws IOException;

    /**
     * Opens the object that a link refers to. Empty if the link is not valid or there is no object.
     *
     * @param token the path segment of the link after {@link #PATH}; letters, digits, {@code -},
     *     {@code _} and {@code .} only, which no proxy rewrites
     */
    Optional<Download> openLink(String token);

    /** Result of an upload. */
    enum UploadResult {
        /** The object was stored. */
        STORED,
        /**
         * The form was altered, was signed elsewhere, has expired or is void, or the upload was not
         * accepted; nothing was stored.
         */
        REFUSED,
        /** The size is outside the range of the form; nothing was stored. */
        WRONG_SIZE
    }

    /**
     * An open object. The caller closes the stream.
     *
     * @param content its content
     * @param sizeInBytes its size
     * @param policy its file name and media type
     */
    record Download(InputStream content, long sizeInBytes, DownloadPolicy policy) {}
}
