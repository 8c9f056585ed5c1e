package dev.errand.http;

import dev.errand.spi.artifact.LocalObjectStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Receives the upload forms of a local object store; the signed form is the credential
 * (docs/wire/artifacts.md#h5).
 *
 * <p>No thread is blocked while the body arrives. A body is kept in memory at first, and a large
 * one is moved to a temporary file only after the signature in its fields was verified. A form
 * without a valid signature is rejected before that.
 *
 * @param objects the store that signed the form
 * @param isAccepted decides by its key whether an upload is accepted
 * @param traffic the limits
 */
record UploadEndpoint(LocalObjectStore objects, Predicate<String> isAccepted, Traffic traffic)
        implements Endpoint {

    private static final String FORM = "multipart/form-data";

    @Override
    public String pattern() {
        return "/_objects";
    }

    @Override
    public Step handle(HttpServletRequest request, RequestPath path, Exchange exchange) {
        if (!request.getMethod().equals(HttpMethods.POST)) {
            return ErrorResponses.methodNotAllowed(request, HttpMethods.POST);
        }
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        if (!type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
            throw RequestBody.unsupported(type);
        }
        RequestBody.requireUncompressed(request);
        UploadBody body =
                exchange.hold(new UploadBody(objects, isAccepted, type, traffic, exchange));
        return new Step.ReadBody(body, body, UploadBody.MALFORMED, body::store);
    }
}
