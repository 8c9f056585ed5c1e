package dev.errand.server;

import dev.errand.error.ErrorCode;
import dev.errand.wire.ErrorBody;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Renders errors of the servlet container as error envelopes (docs/wire/errors.md#c3): malformed
 * HTTP, and requests during shutdown. It exposes no internal details.
 */
final class JsonErrorHandler extends ErrorHandler {

    private static final String JSON = "application/json";

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            String message,
            Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
        response.write(true, ByteBuffer.wrap(body(status)), callback);
    }

    private static byte[] body(int status) {
        ErrorCode code = code(status);
        boolean matches = status == code.status() && code != ErrorCode.PARSE_ERROR;
        String detail = matches ? code.detail() : HttpStatus.getMessage(status) + ".";
        return ErrorBody.of(code, detail).toJson();
    }

    private static ErrorCode code(int status) {
        return switch (status) {
            case HttpStatus.FORBIDDEN_403 -> ErrorCode.PERMISSION_DENIED;
            case HttpStatus.NOT_FOUND_404 -> ErrorCode.NOT_FOUND;
            case HttpStatus.METHOD_NOT_ALLOWED_405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case HttpStatus.PAYLOAD_TOO_LARGE_413,
                    HttpStatus.URI_TOO_LONG_414,
                    HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
                    ErrorCode.REQUEST_TOO_LARGE;
            case HttpStatus.UNSUPPORTED_MEDIA_TYPE_415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            default -> HttpStatus.isServerError(status) ? ErrorCode.ERROR : ErrorCode.PARSE_ERROR;
        };
    }
}
