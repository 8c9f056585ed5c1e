package dev.errand.error;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The request is not valid and must be corrected by the caller. The error response has the type
 * {@link ErrorCode.Type#VALIDATION_ERROR}, except for {@link ErrorCode#PARSE_ERROR}, which has the
 * type {@link ErrorCode.Type#INVALID_REQUEST}.
 *
 * <p>The {@linkplain #violations() violations} are in the order in which the members of the request
 * are declared. An error response contains the first one (docs/wire/errors.md#c3).
 */
public final class InvalidRequestException extends RequestException {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    /**
     * Creates the exception.
     *
     * @param violations the violations, at least one
     * @throws IllegalArgumentException if {@code violations} is empty
     */
    public InvalidRequestException(List<Violation> violations) {
        super(first(violations).code(), describe(violations));
        this.violations = List.copyOf(violations);
    }

    /** Creates the exception for one violation. */
    public static InvalidRequestException of(Violation violation) {
        return new InvalidRequestException(List.of(violation));
    }

    /** Returns the violations, at least one. */
    public List<Violation> violations() {
        return violations;
    }

    /** Returns the first violation, which an error response contains. */
    public Violation first() {
        return violations.get(0);
    }

    private static Violation first(List<Violation> violations) {
        if (violations.isEmpty()) {
            throw new IllegalArgumentException("violations must not be empty");
        }
        return violations.get(0);
    }

    private static String describe(List<Violation> violations) {
        return violations.stream()
                .map(
                        violation ->
                                violation.attr().map(attr -> attr + ": ").orElse("")
                                        + violation.detail()
                                        + " ("
                                        + violation.code().wire()
                                        + ")")
                .collect(Collectors.joining("; "));
    }
}
