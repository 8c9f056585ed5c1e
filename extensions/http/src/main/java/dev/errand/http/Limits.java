package dev.errand.http;

/** Default limits of request sizes, and page sizes (docs/wire/idempotency-and-limits.md#j21). */
final class Limits {

    /** The default size limit of request bodies. */
    static final int BODY_BYTES = 1024 * 1024;

    /** The default size limit of {@code append_log/} bodies. */
    static final int LOG_BODY_BYTES = 16 * 1024 * 1024;

    /** The default size limit of {@code artifacts/} bodies. */
    static final int UPLOAD_BODY_BYTES = 48 * 1024 * 1024;

    /**
     * The most that is read of the body of a rejected request, so that the client can read the
     * response.
     */
    static final int DISCARDED_BYTES = 64 * 1024 * 1024;

    /** The number of log entries read from storage at a time. */
    static final int LOG_PAGE = 200;

    /** The maximum number of form fields before the file. */
    static final int UPLOAD_FIELDS = 50;

    /** The maximum number of bytes of an upload form before the content of its file. */
    static final int UPLOAD_FORM_BYTES = 20 * 1024;

    /** The maximum size of a form field. */
    static final int UPLOAD_FIELD_BYTES = 16 * 1024;

    /** The maximum size of the headers of a form part. */
    static final int UPLOAD_HEADER_BYTES = 4 * 1024;

    private Limits() {}
}
