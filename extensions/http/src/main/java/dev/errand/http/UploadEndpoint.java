package dev.errand.http;

import dev.errand.error.AccessDeniedException;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.UnsupportedRequestException;
import dev.errand.error.Violation;
import dev.errand.spi.PortException;
import dev.errand.spi.artifact.LocalObjectStore;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.jakarta.servlet6.JakartaServletFileUpload;

/**
 * Receives the upload forms of a local object store; the signed form is the credential
 * (docs/wire/artifacts.md#h5).
 *
 * <p>The form is streamed: its fields up to a limit, then the file directly into the store, which
 * reads at most what the form allows. Nothing is buffered on disk, and the container needs no
 * multipart configuration.
 *
 * @param objects the store that signed the form
 */
record UploadEndpoint(LocalObjectStore objects) implements Endpoint {

    private static final String FORM = "multipart/form-data";
    private static final String FILE = "file";

    @Override
    public String pattern() {
        return "/_objects";
    }

    @Override
    public HttpResponse handle(HttpServletRequest request, RequestPath path) {
        if (!request.getMethod().equals(HttpMethods.POST)) {
            return ErrorResponses.methodNotAllowed(request, HttpMethods.POST);
        }
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        if (!type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
            throw RequestBody.unsupported(type);
        }
        try {
            return responseTo(receive(parts(request)));
        } catch (IOException malformed) {
            throw InvalidRequestException.of(
                    Violation.ofRequest(
                            ErrorCode.PARSE_ERROR,
                            "Multipart form parse error - The form is malformed or ended early"));
        } catch (PortException failure) {
            throw new ObjectStoreUnavailableException("Unable to store artifact", failure);
        }
    }

    private static FileItemInputIterator parts(HttpServletRequest request) throws IOException {
        JakartaServletFileUpload<DiskFileItem, DiskFileItemFactory> forms =
                new JakartaServletFileUpload<>();
        forms.setMaxPartHeaderSize(Limits.UPLOAD_HEADER_BYTES);
        return forms.getItemIterator(request);
    }

    private LocalObjectStore.UploadResult receive(FileItemInputIterator parts) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        while (parts.hasNext()) {
            FileItemInput part = parts.next();
            String name = Optional.ofNullable(part.getFieldName()).orElse("");
            if (name.equals(FILE)) {
                String type = Optional.ofNullable(part.getContentType()).orElse("");
                try (InputStream content = part.getInputStream()) {
                    return objects.receive(fields, content, type);
                }
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

    private static HttpResponse responseTo(LocalObjectStore.UploadResult receipt) {
        return switch (receipt) {
            case STORED -> HttpResponse.noContent();
            case REFUSED -> throw AccessDeniedException.invalidSignature("upload form");
            case WRONG_SIZE -> throw tooLarge("The file is not of a size that the form allows.");
        };
    }

    private static UnsupportedRequestException tooLarge(String detail) {
        return new UnsupportedRequestException(ErrorCode.REQUEST_TOO_LARGE, detail);
    }
}
