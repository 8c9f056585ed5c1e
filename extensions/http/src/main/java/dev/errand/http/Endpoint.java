package dev.errand.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** One family of paths and what answers there. */
interface Endpoint {

    /** The paths, as a log may name them: without what a client put into them. */
    String pattern();

    /**
     * Answers a request; what is refused is thrown.
     *
     * @throws IOException if the request cannot be read
     */
    Answer answer(HttpServletRequest request, RequestPath path) throws IOException;
}
