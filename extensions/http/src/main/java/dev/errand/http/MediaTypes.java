package dev.errand.http;

import java.util.regex.Pattern;

/** The media types that the wire knows. */
final class MediaTypes {

    /** What requests and answers are. */
    static final String JSON = "application/json";

    /** What logs are. */
    static final String JSON_LINES = "application/jsonl";

    /** What nothing is known of. */
    static final String BYTES = "application/octet-stream";

    private static final Pattern JSON_IN_UTF8 =
            Pattern.compile(
                    "application/json\\s*(;\\s*charset\\s*=\\s*(utf-?8|\"utf-?8\")\\s*)?;?\\s*",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern SENDABLE =
            Pattern.compile("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( *;[ -~]*)?");

    private MediaTypes() {}

    /** Whether a request with this type is one that can be read. */
    static boolean isJson(String contentType) {
        return JSON_IN_UTF8.matcher(contentType.strip()).matches();
    }

    /**
     * A type that a client once gave, if it can stand in a header; else the one that says nothing.
     */
    static String sendable(String contentType) {
        return SENDABLE.matcher(contentType).matches() ? contentType : BYTES;
    }
}
