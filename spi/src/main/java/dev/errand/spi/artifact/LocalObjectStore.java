package dev.errand.spi.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * An object store inside the host's own process, whose forms and links lead back to it: a host
 * mounts the HTTP extension, which hands over what arrives here (contract H5).
 */
public interface LocalObjectStore extends ObjectStore {

    /** The last path segment that forms are posted to and the first that links read from. */
    String PATH = "_objects";

    /**
     * Says where the store is reached from outside; forms and links made later begin with it.
     *
     * @param baseUrl the absolute address under which {@link #PATH} is served, with or without a
     *     final slash
     */
    void serveAt(URI baseUrl);

    /**
     * Takes one upload.
     *
     * @param fields every field of the form but the file
     * @param content the file part; read no further than the form allows; closed by the caller
     * @param contentType the file part's media type, {@code ""} when it has none
     * @return what became of it
     * @throws IOException if {@code content} cannot be read; nothing was stored
     */
    Receipt receive(Map<String, String> fields, InputStream content, String contentType)
            throws IOException;

    /**
     * Opens what a link names.
     *
     * @param key the key in the link
     * @param expires the link's {@code expires} parameter
     * @param signature the link's {@code signature} parameter
     * @return empty if the link is not valid now, or nothing is stored under its key
     */
    Optional<Download> openLink(String key, String expires, String signature);

    /** What became of an upload. */
    enum Receipt {
        /** Stored as a whole. */
        STORED,
        /** The form is not ours, was altered, or its time is over; nothing was stored. */
        REFUSED,
        /** The content is outside the form's size range; nothing was stored. */
        WRONG_SIZE
    }

    /**
     * A readable object, to be closed by whoever reads it.
     *
     * @param content its bytes
     * @param sizeInBytes how many
     * @param contentType its media type, {@code ""} when unknown
     */
    record Download(InputStream content, long sizeInBytes, String contentType) {}
}
