package dev.errand.artifact;

/** The limits of the members of an upload (docs/wire/artifacts.md#d7, #d8, #h4). */
public final class UploadLimits {

    /** The maximum length of a file name, in characters. */
    public static final int MAX_NAME_LENGTH = 255;

    /** The maximum length of a source label, in characters. */
    public static final int MAX_SOURCE_LENGTH = 64;

    /** The maximum length of a media type, in characters. */
    public static final int MAX_CONTENT_TYPE_LENGTH = 255;

    /** The maximum length of a {@code storage_path} in a request, in characters. */
    public static final int MAX_STORAGE_PATH_LENGTH = 500;

    /** The maximum size of a file: 30 MiB. PDF attachments are limited to 10 MiB. */
    public static final long MAX_SIZE_IN_BYTES = 31_457_280;

    private UploadLimits() {}
}
