package dev.errand.internal.rules;

import dev.errand.artifact.UploadItem;
import dev.errand.spi.artifact.ArtifactType;
import java.util.Optional;

/**
 * The maximum sizes of artifacts (docs/wire/artifacts.md#h4). They apply to the declared size of an
 * upload, to the size of the uploaded object, and to decoded inline content.
 */
public final class AttachmentLimits {

    static final long MAX_PDF_BYTES = 10_485_760;

    /**
     * The number of bytes that an upload form accepts beyond the declared size
     * (docs/wire/artifacts.md#h5).
     */
    public static final long FORM_OVERHEAD_BYTES = 65_536;

    private static final String PDF_SUFFIX = ".pdf";
    private static final String PDF_MEDIA_TYPE = "application/pdf";

    private AttachmentLimits() {}

    private enum Kind {
        // spotless:off
        //                 limit                           text after the name
        PDF_BY_NAME       (MAX_PDF_BYTES,                  " exceeds the 10MB attachment limit for PDFs in cloud runs"),
        PDF_BY_MEDIA_TYPE (MAX_PDF_BYTES,                  " exceeds the 10MB attachment limit"),
        ANY_OTHER         (UploadItem.MAX_SIZE_IN_BYTES, " exceeds the 30MB attachment limit");
        // spotless:on

        private final long maxSizeInBytes;
        private final String rejectionText;

        Kind(long maxSizeInBytes, String rejectionText) {
            this.maxSizeInBytes = maxSizeInBytes;
            this.rejectionText = rejectionText;
        }
    }

    /**
     * Returns the maximum size of an artifact.
     *
     * @param safeName the name, as returned by {@link SafeNames}
     * @param contentType the media type, with or without parameters; empty if unknown
     */
    static long maxSizeInBytes(ArtifactType type, String safeName, String contentType) {
        return kind(type, safeName, contentType).maxSizeInBytes;
    }

    /** Returns why an artifact is too large, or empty if it is not. */
    public static Optional<String> problem(
            ArtifactType type, String safeName, String contentType, long sizeInBytes) {
        Kind kind = kind(type, safeName, contentType);
        return sizeInBytes <= kind.maxSizeInBytes
                ? Optional.empty()
                : Optional.of(safeName + kind.rejectionText);
    }

    private static Kind kind(ArtifactType type, String safeName, String contentType) {
        if (type != ArtifactType.USER_ATTACHMENT) {
            return Kind.ANY_OTHER;
        }
        int suffix = safeName.length() - PDF_SUFFIX.length();
        if (safeName.regionMatches(true, suffix, PDF_SUFFIX, 0, PDF_SUFFIX.length())) {
            return Kind.PDF_BY_NAME;
        }
        String mediaType = contentType.split(";", 2)[0].strip();
        return mediaType.equalsIgnoreCase(PDF_MEDIA_TYPE) ? Kind.PDF_BY_MEDIA_TYPE : Kind.ANY_OTHER;
    }
}
