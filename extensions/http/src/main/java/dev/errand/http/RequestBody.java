package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.error.UnsupportedRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.json.Text;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads request bodies within their size limits (docs/wire/errors.md#c3,
 * docs/wire/idempotency-and-limits.md#j21).
 */
final class RequestBody {

    private static final byte[] EMPTY = {};
    private static final int BUFFER_BYTES = 8 * 1024;

    private RequestBody() {}

    /**
     * Reads a JSON body. An empty body may have any media type.
     *
     * @throws RequestException if its media type is not JSON, or it is larger than {@code max}
     *     bytes
     * @throws InvalidRequestException if the body ends early
     */
    static byte[] json(HttpServletRequest request, int max) {
        long declared = request.getContentLengthLong();
        if (declared == 0) {
            return EMPTY;
        }
        try {
            return declared > 0
                    ? withKnownLength(request, declared, max)
                    : withUnknownLength(request, max);
        } catch (IOException endedEarly) {
            throw InvalidRequestException.of(
                    Violation.ofRequest(
                            ErrorCode.PARSE_ERROR, "JSON parse error - The body ended early"));
        }
    }

    /** Rejects before it reads: the client may wait for a 100 response before it sends. */
    private static byte[] withKnownLength(HttpServletRequest request, long declared, int max)
            throws IOException {
        requireJson(request);
        if (declared > max) {
            throw tooLarge(max);
        }
        return request.getInputStream().readNBytes(max);
    }

    private static byte[] withUnknownLength(HttpServletRequest request, int max)
            throws IOException {
        InputStream in = request.getInputStream();
        int first = in.read();
        if (first < 0) {
            return EMPTY;
        }
        requireJson(request);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(first);
        body.writeBytes(in.readNBytes(max));
        if (body.size() > max) {
            throw tooLarge(max);
        }
        return body.toByteArray();
    }

    /**
     * Reads the rest of the body of a rejected request, up to a limit. If the connection were
     * closed while the client still sends, the client might not receive the response.
     */
    static void discard(HttpServletRequest request) {
        boolean waitsForContinue = request.getHeader("Expect") != null;
        if (waitsForContinue || request.getContentLengthLong() > Limits.DISCARDED_BYTES) {
            return;
        }
        try {
            InputStream in = request.getInputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            long left = Limits.DISCARDED_BYTES;
            int count;
            while (left > 0 && (count = in.read(buffer)) >= 0) {
                left -= count;
            }
        } catch (IOException gone) {
            // The client is gone and receives no response.
            return;
        }
    }

    private static void requireJson(HttpServletRequest request) {
        requireUncompressed(request);
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        if (!MediaTypes.isJson(type)) {
            throw unsupported(type);
        }
    }

    /**
     * Rejects a compressed body, which would be told as malformed otherwise
     * (docs/wire/idempotency-and-limits.md#j34).
     */
    static void requireUncompressed(HttpServletRequest request) {
        String encoding = Optional.ofNullable(request.getHeader("Content-Encoding")).orElse("");
        if (!encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity")) {
            throw new UnsupportedRequestException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "Unsupported content encoding \""
                            + Text.abbreviate(encoding)
                            + "\" in request. Send the body uncompressed.");
        }
    }

    /** Returns the error for a media type that is not supported. */
    static UnsupportedRequestException unsupported(String type) {
        return new UnsupportedRequestException(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "Unsupported media type \"" + Text.abbreviate(type) + "\" in request.");
    }

    private static UnsupportedRequestException tooLarge(int max) {
        return new UnsupportedRequestException(
                ErrorCode.REQUEST_TOO_LARGE,
                "The request body is larger than the " + max + " bytes allowed.");
    }
}
