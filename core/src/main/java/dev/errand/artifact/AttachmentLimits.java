package dev.errand.artifact;

import dev.errand.internal.rules.SafeNames;
import dev.errand.spi.artifact.ArtifactType;
import java.util.Optional;

/**
 * How large an artifact may be (contract H4): the same at prepare, for the declared size, at
 * finalize, for the measured one, and inline, for the decoded bytes.
 */
public final class AttachmentLimits {

    /** The limit of everything but attached PDFs: 30 MiB (contract H4). */
    public static final long MAX_BYTES = 31_457_280;

    /** The limit of attached PDFs: 10 MiB (contract H4). */
    public static final long MAX_PDF_BYTES = 10_485_760;

    /** What the policy of an upload form allows above the declared size (contract H5). */
    public static final long FORM_OVERHEAD_BYTES = 65_536;

    private static final String PDF_SUFFIX = ".pdf";
    private static final String PDF_MEDIA_TYPE = "application/pdf";

    private AttachmentLimits() {}

    private enum Kind {
        // spotless:off
        //                 limit           text behind the name
        PDF_BY_NAME       (MAX_PDF_BYTES,  " exceeds the 10MB attachment limit for PDFs in cloud runs"),
        PDF_BY_MEDIA_TYPE (MAX_PDF_BYTES,  " exceeds the 10MB attachment limit"),
        ANY_OTHER         (MAX_BYTES,      " exceeds the 30MB attachment limit");
        // spotless:on

        private final long maxSizeInBytes;
        private final String refusal;

        Kind(long maxSizeInBytes, String refusal) {
            this.maxSizeInBytes = maxSizeInBytes;
            this.refusal = refusal;
        }
    }

    /**
     * The largest size that is allowed (contract H4).
     *
     * @param safeName the name as {@link SafeNames} gives it
     * @param contentType the media type, with or without parameters; empty if unknown
     */
    public static long maxSizeInBytes(ArtifactType type, String safeName, String contentType) {
        return kind(type, safeName, contentType).maxSizeInBytes;
    }

    /** Why an artifact is too large; empty if it is not (contract H4). */
    public static Optional<String> problem(
            ArtifactType type, String safeName, String contentType, long sizeInBytes) {
        Kind kind = kind(type, safeName, contentType);
        return sizeInBytes <= kind.maxSizeInBytes
                ? Optional.empty()
                : Optional.of(safeName + kind.refusal);
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
