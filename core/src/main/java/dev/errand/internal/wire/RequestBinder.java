package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DatabindException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.json.InvalidJsonException;
import dev.errand.internal.json.Json;
import dev.errand.profile.ApiProfile;
import dev.errand.run.AppendLogRequest;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Binds request bodies to request records (docs/wire/conventions.md#conventions,
 * docs/wire/errors.md#c3). Immutable, thread-safe.
 *
 * <p>A body that can be bound is returned without being validated: the engine validates every
 * request. A body that cannot be bound is validated as far as it can be, so that all its problems
 * are reported together.
 */
public final class RequestBinder {

    private static final Map<ApiProfile, Readers> READERS =
            new EnumMap<>(
                    Arrays.stream(ApiProfile.values())
                            .collect(Collectors.toMap(Function.identity(), Readers::new)));

    private final RequestValidator validator;
    private final Readers readers;

    /** Creates a binder for the profile of the validator. */
    public RequestBinder(RequestValidator validator) {
        this.validator = validator;
        this.readers = Objects.requireNonNull(READERS.get(validator.profile()));
    }

    /** The readers of one profile, by the type of the request. */
    private static final class Readers extends ClassValue<ObjectReader> {
        private final JsonMapper mapper;

        Readers(ApiProfile profile) {
            mapper =
                    JsonMapper.builder(Json.FACTORY)
                            .addModule(new RequestModule(profile))
                            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                            .build();
        }

        @Override
        protected ObjectReader computeValue(Class<?> type) {
            return mapper.readerFor(type);
        }
    }

    /**
     * Binds UTF-8 bytes. No bytes, or only white space, are read as an object without members
     * (docs/wire/conventions.md#conventions).
     *
     * @throws InvalidRequestException if the bytes are not exactly one JSON value, or cannot be
     *     bound
     */
    public <R extends Record> R read(Class<R> type, byte[] body) {
        try (JsonParser parser = Json.parser(body)) {
            return read(type, parser);
        } catch (StreamReadException | StreamConstraintsException rejected) {
            if (type == AppendLogRequest.class && new InvalidJsonException(rejected).isLimit()) {
                return readLog(type, body);
            }
            throw malformed(rejected);
        } catch (IOException notJson) {
            throw malformed(notJson);
        }
    }

    /**
     * Binds a log with an entry beyond a limit of the usual parser. A client drops a rejected batch
     * for good (docs/wire/logs.md#i5), so that entry must not cost the others.
     */
    private <R extends Record> R readLog(Class<R> type, byte[] body) {
        try (JsonParser parser = Json.logParser(body)) {
            return read(type, parser);
        } catch (IOException notJson) {
            throw malformed(notJson);
        }
    }

    /** Binds a stream like {@link #read(Class, byte[])}, and closes it. */
    public <R extends Record> R read(Class<R> type, InputStream body) {
        try (JsonParser parser = Json.parser(body)) {
            return read(type, parser);
        } catch (IOException notJson) {
            throw malformed(notJson);
        }
    }

    private <R extends Record> R read(Class<R> type, JsonParser parser) throws IOException {
        BindingProblems problems = BindingProblems.collect(parser);
        if (parser.nextToken() == null) {
            try (JsonParser empty = Json.parser("{}")) {
                return read(type, empty);
            }
        }
        R request = readers.get(type).readValue(parser);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "trailing content", parser.currentLocation());
        }
        if (problems.count() > 0) {
            throw new InvalidRequestException(
                    request == null
                            ? problems.found()
                            : validator.violations(request, problems.found()));
        }
        return request;
    }

    private static InvalidRequestException malformed(IOException cause) {
        boolean isMalformed =
                cause instanceof JacksonException && !(cause instanceof DatabindException);
        if (!isMalformed && !(cause instanceof CharConversionException)) {
            throw new UncheckedIOException(cause);
        }
        return InvalidRequestException.of(
                Violation.ofRequest(
                        ErrorCode.PARSE_ERROR, new InvalidJsonException(cause).detail()));
    }
}
