package dev.errand.http;

import jakarta.servlet.http.HttpServletRequest;

/** Handles the requests of one path pattern. */
interface Endpoint {

    /**
     * Returns the path pattern, which unlike the path contains no client data and may be logged.
     */
    String pattern();

    /**
     * Handles a request up to its body. Failures are reported by exceptions.
     *
     * @param exchange keeps what is needed until the response was sent
     */
    Step handle(HttpServletRequest request, RequestPath path, Exchange exchange);
}
