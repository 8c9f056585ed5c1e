package dev.errand.http;

import jakarta.servlet.http.HttpServletRequest;

/** The methods of what is served beside the API. */
final class Methods {

    /** The methods that read, as the {@code Allow} header lists them. */
    static final String READING = "GET, HEAD";

    /** The method that uploads. */
    static final String POST = "POST";

    private Methods() {}

    /** Whether a request only reads. */
    static boolean isReading(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }
}
