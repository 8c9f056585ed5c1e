package dev.errand.http;

import java.util.regex.Pattern;

/** Media types of requests and responses. */
final class MediaTypes {

    /** The type of requests and most responses. */
    static final String JSON = "application/json";

    /** The type of logs. */
    static final String JSON_LINES = "application/jsonl";

    /** The type of unknown content. */
    static final String BYTES = "application/octet-stream";

    private static final Pattern JSON_IN_UTF8 =
            Pattern.compile(
                    "application/json\\s*(;\\s*charset\\s*=\\s*(utf-?8|\"utf-?8\")\\s*)?;?\\s*",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern HEADER_SAFE =
            Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+/[A-Za-z0-9!#$%&'*+.^_`|~-]+( *;[ -~]*)?");

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=", Pattern.CASE_INSENSITIVE);

    private MediaTypes() {}

    /** Whether a request with this type can be read. */
    static boolean isJson(String contentType) {
        return JSON_IN_UTF8.matcher(contentType.strip()).matches();
    }

    /** Whether a media type has the parameter {@code charset}. */
    static boolean hasCharset(String contentType) {
        return CHARSET.matcher(contentType).find();
    }

    /**
     * Returns a media type that a client declared if it is valid in a header, else {@link #BYTES}.
     */
    static String headerSafe(String contentType) {
        return HEADER_SAFE.matcher(contentType).matches() ? contentType : BYTES;
    }
}
