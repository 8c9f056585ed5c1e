package dev.errand.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.util.Optional;

/**
 * Reads requests from JSON as the wire does (contract 0, C3). Immutable, thread-safe; one per
 * request type serves a whole process.
 *
 * @param <R> the request
 */
public final class RequestReader<R extends Record> {

    private static final ClassValue<RequestReader<?>> READERS =
            new ClassValue<>() {
                @Override
                protected RequestReader<?> computeValue(Class<?> type) {
                    return new RequestReader<>(membersOf(type));
                }
            };

    private final Members<R> members;

    private RequestReader(Members<R> members) {
        this.members = members;
    }

    /**
     * The reader of a request type.
     *
     * @throws IllegalArgumentException if the type is not one of Errand's requests
     */
    @SuppressWarnings("unchecked") // A type's reader is made from that type's own members.
    public static <R extends Record> RequestReader<R> of(Class<R> type) {
        return (RequestReader<R>) READERS.get(type);
    }

    /**
     * Reads a request from UTF-8 bytes. No bytes, or only white space, count as an object without
     * members (contract 0).
     *
     * @throws InvalidRequestException if the bytes are not JSON, hold more than one value, or are
     *     not a valid request
     */
    public R read(byte[] body) {
        try (JsonParser parser = Json.parser(body)) {
            return readWhole(parser);
        } catch (IOException notJson) {
            throw malformed(notJson);
        }
    }

    /**
     * Reads a request from text; otherwise as {@link #read(byte[])}.
     *
     * @throws InvalidRequestException if the text is not JSON, holds more than one value, or is not
     *     a valid request
     */
    public R read(String body) {
        try (JsonParser parser = Json.parser(body)) {
            return readWhole(parser);
        } catch (IOException notJson) {
            throw malformed(notJson);
        }
    }

    R read(JsonParser parser) throws IOException {
        return members.read(parser);
    }

    private R readWhole(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            try (JsonParser empty = Json.FACTORY.createParser("{}")) {
                empty.nextToken();
                return members.read(empty);
            }
        }
        R request;
        try {
            request = members.read(parser);
        } catch (InvalidRequestException refused) {
            // A body that is no JSON at all is told as that, however wrong its readable part was.
            skipRest(parser);
            throw refused;
        }
        skipRest(parser);
        return request;
    }

    private static void skipRest(JsonParser parser) throws IOException {
        while (!parser.getParsingContext().inRoot()) {
            parser.nextToken();
        }
        if (parser.currentToken() != null && parser.currentToken().isStructStart()) {
            parser.skipChildren();
        }
        if (parser.nextToken() != null) {
            throw new TrailingContent(parser.currentLocation());
        }
    }

    /** Says where, and not what: a fragment of the body may be a secret. */
    private static InvalidRequestException malformed(IOException cause) {
        if (!(cause instanceof JacksonException) && !(cause instanceof CharConversionException)) {
            throw new UncheckedIOException(cause);
        }
        String where =
                Optional.of(cause)
                        .filter(JacksonException.class::isInstance)
                        .map(problem -> ((JacksonException) problem).getLocation())
                        .filter(at -> at.getLineNr() > 0)
                        .map(at -> ": line " + at.getLineNr() + " column " + at.getColumnNr())
                        .orElse("");
        return InvalidRequestException.of(
                Violation.ofRequest(
                        ErrorCode.PARSE_ERROR, "JSON parse error - Unexpected content" + where));
    }

    private static Members<?> membersOf(Class<?> type) {
        try {
            Field declared = type.getDeclaredField("MEMBERS");
            declared.setAccessible(true);
            return (Members<?>) declared.get(null);
        } catch (ReflectiveOperationException notARequest) {
            throw new IllegalArgumentException(type + " is not a request of Errand", notARequest);
        }
    }

    /** There is something behind the one value of a body. */
    private static final class TrailingContent extends JacksonException {
        private static final long serialVersionUID = 1L;

        private final transient JsonLocation location;

        private TrailingContent(JsonLocation location) {
            super("trailing content");
            this.location = location;
        }

        @Override
        public JsonLocation getLocation() {
            return location;
        }

        @Override
        public String getOriginalMessage() {
            return getMessage();
        }

        @Override
        public Object getProcessor() {
            return null;
        }
    }
}
