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

/** The body of a request, read no further than allowed (contract C3, J21). */
final class RequestBody {

    private static final byte[] EMPTY = {};
    private static final int BUFFER_BYTES = 8 * 1024;

    private RequestBody() {}

    /**
     * Reads a JSON body whole. No body is no bytes, whatever type it claims.
     *
     * @throws RequestException if it is not JSON by its type, or larger than {@code max} bytes
     * @throws InvalidRequestException if it ends early
     */
    static byte[] json(HttpServletRequest request, int max) {
        long declared = request.getContentLengthLong();
        if (declared == 0) {
            return EMPTY;
        }
        try {
            return declared > 0 ? ofKnownLength(request, declared, max) : inPieces(request, max);
        } catch (IOException endedEarly) {
            throw InvalidRequestException.of(
                    Violation.ofRequest(
                            ErrorCode.PARSE_ERROR, "JSON parse error - The body ended early"));
        }
    }

    /** Refuses before it reads: a client may have asked whether to send at all. */
    private static byte[] ofKnownLength(HttpServletRequest request, long declared, int max)
            throws IOException {
        requireJson(request);
        if (declared > max) {
            throw tooLarge(max);
        }
        return request.getInputStream().readNBytes(max);
    }

    private static byte[] inPieces(HttpServletRequest request, int max) throws IOException {
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
     * Reads what is left of the body of a refused request, within reason: a connection that is
     * closed on a client that still sends may take the answer with it.
     */
    static void discard(HttpServletRequest request) {
        boolean waitsForLeave = request.getHeader("Expect") != null;
        if (waitsForLeave || request.getContentLengthLong() > Limits.DISCARDED_BYTES) {
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
            // Then nobody waits for the answer either.
            return;
        }
    }

    private static void requireJson(HttpServletRequest request) {
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        if (!MediaTypes.isJson(type)) {
            throw unsupported(type);
        }
    }

    /** The refusal of a body by its type. */
    static UnsupportedRequestException unsupported(String type) {
        return new UnsupportedRequestException(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "Unsupported media type \"" + Text.shown(type) + "\" in request.");
    }

    private static UnsupportedRequestException tooLarge(int max) {
        return new UnsupportedRequestException(
                ErrorCode.REQUEST_TOO_LARGE,
                "The request body is larger than the " + max + " bytes allowed.");
    }
}
