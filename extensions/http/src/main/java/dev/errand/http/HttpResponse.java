package dev.errand.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A response to a request. Immutable.
 *
 * @param status the HTTP status
 * @param headers the headers, without those that every response has
 * @param content the body, if there is one
 */
record HttpResponse(int status, Map<String, String> headers, Optional<ResponseBody> content)
        implements Step {

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int NO_CONTENT = 204;
    private static final int FIRST_ERROR = 400;

    /** Responses contain data of one caller, and links that need no credentials. */
    private static final Map<String, String> NO_STORE = Map.of("Cache-Control", "no-store");

    /** Returns a 200 response with a JSON body. */
    static HttpResponse ok(byte[] json) {
        return json(OK, json);
    }

    /** Returns a 201 response with a JSON body. */
    static HttpResponse created(byte[] json) {
        return json(CREATED, json);
    }

    /** Returns a 202 response with a JSON body. */
    static HttpResponse accepted(byte[] json) {
        return json(ACCEPTED, json);
    }

    /** Returns a response with a JSON body. */
    static HttpResponse json(int status, byte[] json) {
        return new HttpResponse(status, NO_STORE, Optional.of(ResponseBody.json(json)));
    }

    /** Returns a 200 response. */
    static HttpResponse of(ResponseBody content) {
        return new HttpResponse(OK, NO_STORE, Optional.of(content));
    }

    /** Returns a 204 response. */
    static HttpResponse noContent() {
        return new HttpResponse(NO_CONTENT, NO_STORE, Optional.empty());
    }

    /** Whether this is an error response. */
    boolean isError() {
        return status >= FIRST_ERROR;
    }

    /** Returns a copy with a header added or replaced. */
    HttpResponse with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpResponse(status, Map.copyOf(more), content);
    }

    /**
     * Sends the response.
     *
     * @throws IOException if the client closed the connection, or the body cannot be read to its
     *     end
     */
    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(status);
        headers.forEach(response::setHeader);
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (content.isEmpty()) {
            return;
        }
        try (ResponseBody body = content.get()) {
            response.setContentType(body.mediaType());
            if (!MediaTypes.hasCharset(body.mediaType())) {
                // Without this, some containers add a charset that they guess from the type.
                response.setCharacterEncoding((String) null);
            }
            body.length().ifPresent(response::setContentLengthLong);
            if (!request.getMethod().equals("HEAD")) {
                body.writer().writeTo(response.getOutputStream());
            }
        }
    }
}
