package dev.errand.http;

import java.net.URI;

/** The public URL of the servlet. */
final class PublicUrl {

    private PublicUrl() {}

    /**
     * Returns the URL without trailing slash.
     *
     * @throws IllegalArgumentException if it is not an absolute HTTP URL, or has a query or
     *     fragment
     */
    static URI of(URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean plain = url.getRawQuery() == null && url.getRawFragment() == null;
        if (!http || !plain || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "publicUrl must be an absolute http or https URL without query and fragment: "
                            + url);
        }
        String text = url.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }
}
