package dev.errand.http;

import jakarta.servlet.http.HttpServletRequest;

/** HTTP methods of the endpoints outside of the API. */
final class HttpMethods {

    /** The {@code Allow} header of endpoints that only read. */
    static final String SAFE_METHODS = "GET, HEAD";

    /** The method of uploads. */
    static final String POST = "POST";

    private HttpMethods() {}

    /** Whether a request is a GET or HEAD. */
    static boolean isSafe(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }
}
