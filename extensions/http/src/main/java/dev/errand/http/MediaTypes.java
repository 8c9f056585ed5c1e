package dev.errand.http;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Media types of requests and responses. */
final class MediaTypes {

    /** The type of requests and most responses. */
    static final String JSON = "application/json";

    /** The type of logs. */
    static final String JSON_LINES = "application/jsonl";

    /** The type of event streams. */
    static final String EVENT_STREAM = "text/event-stream";

    /** The type of unknown content. */
    static final String BYTES = "application/octet-stream";

    /** The ranges that include event streams; the first one that a client names decides. */
    private static final List<String> RANGES_OF_STREAMS = List.of(EVENT_STREAM, "text/*", "*/*");

    private static final Pattern REFUSED =
            Pattern.compile(";\\s*q\\s*=\\s*0(\\.0{0,3})?\\s*(;|$)", Pattern.CASE_INSENSITIVE);

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

    /** Whether a client accepts event streams, by its {@code Accept} headers. */
    static boolean acceptsEventStream(List<String> headers) {
        List<String> accepted =
                headers.stream()
                        .flatMap(header -> Stream.of(header.split(",")))
                        .filter(range -> !range.isBlank())
                        .toList();
        for (String range : RANGES_OF_STREAMS) {
            for (String each : accepted) {
                if (each.split(";", 2)[0].strip().equalsIgnoreCase(range)) {
                    return !REFUSED.matcher(each).find();
                }
            }
        }
        return accepted.isEmpty();
    }

    /** Whether a request of bytes can have this type. */
    static boolean isBytes(String contentType) {
        String type = contentType.split(";", 2)[0].strip();
        return type.equalsIgnoreCase(BYTES);
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
