package dev.errand.http;

/** How much of a request is read, and how much of a log at a time (contract J21). */
final class Limits {

    /** The largest request body, unless the host says otherwise. */
    static final int BODY_BYTES = 1024 * 1024;

    /** The largest body of {@code append_log/}, unless the host says otherwise. */
    static final int LOG_BODY_BYTES = 16 * 1024 * 1024;

    /** The largest body of {@code artifacts/}, unless the host says otherwise. */
    static final int UPLOAD_BODY_BYTES = 48 * 1024 * 1024;

    /**
     * How much of a body that was refused is read on, so that its sender gets to read the answer.
     */
    static final int DISCARDED_BYTES = 64 * 1024 * 1024;

    /** How many log entries are read from storage at a time. */
    static final int LOG_PAGE = 200;

    /** How many fields an upload form may have beside the file. */
    static final int UPLOAD_FIELDS = 50;

    /** How large one field of an upload form may be. */
    static final int UPLOAD_FIELD_BYTES = 16 * 1024;

    /** How large the headers of one part of an upload form may be. */
    static final int UPLOAD_HEADER_BYTES = 4 * 1024;

    private Limits() {}
}
