package dev.errand.http;

/** The body that an operation reads, which decides its size limit. */
enum BodyKind {
    /** None: a body is ignored. */
    NONE,
    /** A JSON object. */
    JSON,
    /** A JSON object with log entries. */
    LOG,
    /** A JSON object with files. */
    FILES,
    /** Bytes of the media type {@code application/octet-stream}. */
    BYTES
}
