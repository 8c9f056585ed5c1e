package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.spi.store.LogFilter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The query of a session log (docs/wire/logs.md#i8).
 *
 * @param filter selects the matching entries
 * @param limit the page size
 * @param offset the number of matching entries to skip
 */
record SessionLogQuery(LogFilter filter, long limit, long offset) {

    private static final long DEFAULT_LIMIT = 1_000;
    private static final long MAX_LIMIT = 5_000;

    /**
     * Parses a query.
     *
     * @throws InvalidRequestException if a parameter is invalid
     */
    static SessionLogQuery of(QueryParameters query) {
        Optional<Instant> after = query.text("after").map(SessionLogQuery::after);
        return new SessionLogQuery(
                new LogFilter(after, types(query, "event_types"), types(query, "exclude_types")),
                number(query, "limit", 1, OptionalLong.of(MAX_LIMIT)).orElse(DEFAULT_LIMIT),
                number(query, "offset", 0, OptionalLong.empty()).orElse(0L));
    }

    /** Parses a timestamp with {@code Z} or another offset; empty if the text is not one. */
    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException notATime) {
            return Optional.empty();
        }
    }

    private static Instant after(String text) {
        // A plus sign that was not escaped arrives as a space.
        return time(text.strip())
                .or(() -> time(text.strip().replace(' ', '+')))
                .orElseThrow(
                        () ->
                                invalid(
                                        ErrorCode.INVALID_INPUT,
                                        "after",
                                        "Must be a timestamp with an offset."));
    }

    private static Set<String> types(QueryParameters query, String name) {
        return Arrays.stream(query.text(name).orElse("").split(","))
                .map(String::strip)
                .filter(type -> !type.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Long> number(
            QueryParameters query, String name, long min, OptionalLong max) {
        Optional<String> given = query.text(name);
        Optional<Long> number = given.flatMap(WholeNumbers::parse);
        if (given.isPresent() && number.isEmpty()) {
            throw invalid(ErrorCode.INVALID_INPUT, name, "A valid integer is required.");
        }
        if (number.isPresent() && number.get() < min) {
            throw invalid(
                    ErrorCode.MIN_VALUE,
                    name,
                    "Ensure this value is greater than or equal to " + min + ".");
        }
        if (number.isPresent() && max.isPresent() && number.get() > max.getAsLong()) {
            throw invalid(
                    ErrorCode.MAX_VALUE,
                    name,
                    "Ensure this value is less than or equal to " + max.getAsLong() + ".");
        }
        return number;
    }

    private static InvalidRequestException invalid(ErrorCode code, String name, String detail) {
        return InvalidRequestException.of(Violation.of(code, name, detail));
    }
}
