package dev.errand.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What goes back over the wire. Immutable.
 *
 * @param status the HTTP status
 * @param headers the headers beside those that every answer has
 * @param content the body; empty for none
 */
record Answer(int status, Map<String, String> headers, Optional<Content> content) {

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;
    private static final int FIRST_REFUSAL = 400;

    /** Answers hold what is one caller's alone, and links that need no credentials. */
    private static final Map<String, String> PRIVATE = Map.of("Cache-Control", "no-store");

    /** An answer of 200 with a JSON body. */
    static Answer ok(byte[] json) {
        return json(OK, json);
    }

    /** An answer of 201 with a JSON body. */
    static Answer created(byte[] json) {
        return json(CREATED, json);
    }

    /** An answer with a JSON body. */
    static Answer json(int status, byte[] json) {
        return new Answer(status, PRIVATE, Optional.of(Content.json(json)));
    }

    /** An answer of 200 with any body. */
    static Answer of(Content content) {
        return new Answer(OK, PRIVATE, Optional.of(content));
    }

    /** An answer of 204. */
    static Answer noContent() {
        return new Answer(NO_CONTENT, PRIVATE, Optional.empty());
    }

    /** Whether the request was not carried out. */
    boolean isRefusal() {
        return status >= FIRST_REFUSAL;
    }

    /** This answer with a header, in place of one with the same name. */
    Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, Map.copyOf(more), content);
    }

    /**
     * Sends the answer.
     *
     * @throws IOException if the other side is gone, or the content ends early
     */
    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(status);
        headers.forEach(response::setHeader);
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (content.isEmpty()) {
            return;
        }
        try (Content body = content.get()) {
            response.setContentType(body.mediaType());
            body.length().ifPresent(response::setContentLengthLong);
            if (!request.getMethod().equals("HEAD")) {
                body.writer().writeTo(response.getOutputStream());
            }
        }
    }
}
