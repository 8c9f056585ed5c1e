package dev.errand.http;

import java.net.URI;

/** The address of the servlet from outside. */
final class PublicUrl {

    private PublicUrl() {}

    /**
     * The address without a slash at its end.
     *
     * @throws IllegalArgumentException if it is not an absolute http address, or has a query or
     *     fragment
     */
    static URI of(URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean plain = url.getRawQuery() == null && url.getRawFragment() == null;
        if (!http || !plain || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "publicUrl must be absolute, without query and fragment: " + url);
        }
        String text = url.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }
}
