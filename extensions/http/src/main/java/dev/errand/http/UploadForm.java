package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.UnsupportedRequestException;
import dev.errand.error.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.RequestContext;
import org.apache.commons.fileupload2.jakarta.servlet6.JakartaServletFileUpload;

/**
 * A parsed upload form up to its file (docs/wire/artifacts.md#h5).
 *
 * @param fields the fields before the file
 * @param file the file part, whose content follows in the stream
 */
record UploadForm(Map<String, String> fields, FileItemInput file) {

    private static final String FILE = "file";

    /** Copies the fields. */
    UploadForm {
        fields = Map.copyOf(fields);
    }

    /**
     * Parses a form up to its file.
     *
     * @throws IOException if the form is malformed, or ends before its file
     */
    static UploadForm parse(String contentType, InputStream form) throws IOException {
        JakartaServletFileUpload<DiskFileItem, DiskFileItemFactory> forms =
                new JakartaServletFileUpload<>();
        forms.setMaxPartHeaderSize(Limits.UPLOAD_HEADER_BYTES);
        FileItemInputIterator parts = forms.getItemIterator(new Context(contentType, form));
        Map<String, String> fields = new LinkedHashMap<>();
        while (parts.hasNext()) {
            FileItemInput part = parts.next();
            String name = Optional.ofNullable(part.getFieldName()).orElse("");
            if (name.equals(FILE)) {
                return new UploadForm(fields, part);
            }
            if (fields.size() == Limits.UPLOAD_FIELDS) {
                throw tooLarge("The form has more than " + Limits.UPLOAD_FIELDS + " fields.");
            }
            if (fields.put(name, text(part)) != null) {
                throw InvalidRequestException.of(
                        Violation.of(
                                ErrorCode.INVALID_INPUT, name, "This field may be given once."));
            }
        }
        throw InvalidRequestException.of(Violation.of(ErrorCode.REQUIRED, FILE));
    }

    /** Returns the media type of the file, empty if it has none. */
    String fileType() {
        return Optional.ofNullable(file.getContentType()).orElse("");
    }

    /** Returns the error for a form or file that is too large. */
    static UnsupportedRequestException tooLarge(String detail) {
        return new UnsupportedRequestException(ErrorCode.REQUEST_TOO_LARGE, detail);
    }

    /** The request in the form that the parser expects. */
    private record Context(String contentType, InputStream form) implements RequestContext {

        @Override
        public String getCharacterEncoding() {
            return StandardCharsets.UTF_8.name();
        }

        @Override
        public long getContentLength() {
            return -1;
        }

        @Override
        public String getContentType() {
            return contentType;
        }

        @Override
        public InputStream getInputStream() {
            return form;
        }

        @Override
        public boolean isMultipartRelated() {
            return false;
        }
    }

    private static String text(FileItemInput field) throws IOException {
        try (InputStream content = field.getInputStream()) {
            byte[] bytes = content.readNBytes(Limits.UPLOAD_FIELD_BYTES + 1);
            if (bytes.length > Limits.UPLOAD_FIELD_BYTES) {
                throw tooLarge(
                        "A field of the form is larger than "
                                + Limits.UPLOAD_FIELD_BYTES
                                + " bytes.");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
