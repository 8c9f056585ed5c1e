package dev.errand.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.Optional;

/**
 * A text is not JSON, or exceeds a limit of the reader (docs/wire/idempotency-and-limits.md#j34).
 * The message never contains a part of the text, which may be a secret.
 */
public final class InvalidJsonException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String detail;
    private final boolean isLimit;

    /** Creates the exception for a failure of the JSON library. */
    public InvalidJsonException(IOException failure) {
        this(
                limit(failure).orElse("JSON parse error - Unexpected content" + position(failure)),
                limit(failure).isPresent());
    }

    private InvalidJsonException(String detail, boolean isLimit) {
        super(detail);
        this.detail = detail;
        this.isLimit = isLimit;
    }

    /** Returns the message, as an error text says it (docs/wire/errors.md#c3). */
    public String detail() {
        return detail;
    }

    /** Whether the text may be JSON, but exceeds a limit, which the message names. */
    public boolean isLimit() {
        return isLimit;
    }

    private static Optional<String> limit(IOException failure) {
        if (failure instanceof StreamConstraintsException limit) {
            return Optional.of(limit.getOriginalMessage());
        }
        if (failure instanceof CharConversionException) {
            return Optional.of("The JSON is not encoded in UTF-8.");
        }
        // The library has no type for this failure. A test would notice another text.
        boolean isSurrogate =
                failure instanceof JsonProcessingException parse
                        && parse.getOriginalMessage().contains("surrogate")
                        && parse.getOriginalMessage().contains("field name");
        return isSurrogate
                ? Optional.of("A JSON member name has half of a surrogate pair.")
                : Optional.empty();
    }

    private static String position(IOException failure) {
        return failure instanceof JsonProcessingException parse
                        && parse.getLocation() != null
                        && parse.getLocation().getLineNr() > 0
                ? ": line %d column %d"
                        .formatted(
                                parse.getLocation().getLineNr(), parse.getLocation().getColumnNr())
                : "";
    }
}
