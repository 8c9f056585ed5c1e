package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.error.UnsupportedRequestException;
import dev.errand.internal.json.Text;
import dev.errand.wire.WireFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A body within its size limit (docs/wire/errors.md#c3, docs/wire/idempotency-and-limits.md#j21). A
 * large one is kept in a temporary file until it is used, and the memory to parse JSON is reserved
 * before it is read.
 */
final class RequestBody implements BodySink, Closeable {

    /** The text of the error for a body that ends early. */
    static final String ENDED_EARLY = "JSON parse error - The body ended early";

    private final Spool spool = new Spool();
    private final HttpServletRequest request;
    private final BodyKind kind;
    private final int max;
    private final MemoryBudget.Reservation memory;

    /** The size of a body of bytes, including what was discarded because of the limit. */
    private long size;

    private RequestBody(
            HttpServletRequest request, BodyKind kind, int max, MemoryBudget.Reservation memory) {
        this.request = request;
        this.kind = kind;
        this.max = max;
        this.memory = memory;
    }

    /**
     * Returns the sink of a body, to be closed. Rejects before anything is read: the client may
     * wait for a 100 response before it sends. An empty body may have any media type.
     *
     * @throws RequestException if it has another media type, or is larger than {@code max} bytes; a
     *     body of bytes that is too large is discarded instead, and its operation rejects it
     * @throws RejectedRequestException if there is no memory for it now
     */
    static RequestBody of(
            HttpServletRequest request, BodyKind kind, int max, MemoryBudget.Reservation memory) {
        RequestBody body = new RequestBody(request, kind, max, memory);
        long declared = request.getContentLengthLong();
        if (declared > 0) {
            body.check(declared);
        }
        return body;
    }

    /** Whether the request has a body. */
    static boolean exists(HttpServletRequest request) {
        long declared = request.getContentLengthLong();
        boolean isFramed =
                request.getHeader("Transfer-Encoding") != null
                        || !request.getProtocol().startsWith("HTTP/1");
        return declared > 0 || declared < 0 && isFramed;
    }

    /**
     * Returns the step that reads the rest of the body of a rejected request, up to a limit. If the
     * connection were closed while the client still sends, the client might not receive the
     * response. Empty if there is nothing to read.
     */
    static Optional<Step.ReadBody> discard(HttpServletRequest request, HttpResponse response) {
        boolean waitsForContinue = request.getHeader("Expect") != null;
        if (waitsForContinue
                || !exists(request)
                || request.getContentLengthLong() > Limits.DISCARDED_BYTES) {
            return Optional.empty();
        }
        long[] left = {Limits.DISCARDED_BYTES};
        return Optional.of(
                new Step.ReadBody(
                        (bytes, length) -> {
                            left[0] -= length;
                            if (left[0] < 0) {
                                throw tooLarge(Limits.DISCARDED_BYTES);
                            }
                        },
                        BodyPace.OF_REJECTED,
                        ENDED_EARLY,
                        () -> response));
    }

    @Override
    public void receive(byte[] bytes, int length) throws IOException {
        check(size + length);
        size += length;
        if (size <= max) {
            spool.write(bytes, length);
        }
    }

    private void check(long newSize) {
        requireMediaType();
        if (kind == BodyKind.BYTES) {
            if (newSize > Limits.DISCARDED_BYTES) {
                throw tooLarge(max);
            }
            return;
        }
        if (newSize > max) {
            throw tooLarge(max);
        }
        if (newSize > Spool.MEMORY_BYTES) {
            memory.growTo(newSize);
        }
    }

    /** Returns the size of the body, which may be above the limit if it is a body of bytes. */
    long size() {
        return size;
    }

    /** Opens the body. Closing the stream is not required. */
    InputStream open() {
        return spool.open();
    }

    /**
     * Binds the body to a request.
     *
     * @throws InvalidRequestException if it cannot be bound
     */
    <R extends Record> R read(WireFormat format, Class<R> type) {
        return spool.bytes()
                .map(bytes -> format.read(type, bytes))
                .orElseGet(() -> format.read(type, spool.open()));
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }

    private void requireMediaType() {
        requireUncompressed(request);
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        boolean isSupported =
                kind == BodyKind.BYTES ? MediaTypes.isBytes(type) : MediaTypes.isJson(type);
        if (!isSupported) {
            throw unsupported(type);
        }
    }

    /**
     * Rejects a compressed body, which would otherwise be reported as malformed
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
