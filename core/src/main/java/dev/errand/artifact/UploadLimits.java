package dev.errand.artifact;

/** How long the texts of an upload may be (contract D7, D8). */
public final class UploadLimits {

    /** The longest file name, in characters. */
    public static final int MAX_NAME_LENGTH = 255;

    /** The longest source label, in characters. */
    public static final int MAX_SOURCE_LENGTH = 64;

    /** The longest media type, in characters. */
    public static final int MAX_CONTENT_TYPE_LENGTH = 255;

    /** The longest object key, in characters. */
    public static final int MAX_STORAGE_PATH_LENGTH = 500;

    private UploadLimits() {}
}
