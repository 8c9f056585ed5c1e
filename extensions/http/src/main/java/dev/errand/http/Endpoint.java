package dev.errand.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Handles the requests of one path pattern. */
interface Endpoint {

    /**
     * Returns the path pattern, which unlike the path contains no client data and may be logged.
     */
    String pattern();

    /**
     * Handles a request. Failures are reported by exceptions.
     *
     * @throws IOException if the request cannot be read
     */
    HttpResponse handle(HttpServletRequest request, RequestPath path) throws IOException;
}
