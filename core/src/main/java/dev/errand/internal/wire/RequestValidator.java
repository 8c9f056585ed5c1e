package dev.errand.internal.wire;

import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/**
 * Validates request records by the constraints that they declare. Immutable; thread-safe, as
 * validators are.
 */
public final class RequestValidator {

    private final Validator validator;

    /**
     * Creates a request validator.
     *
     * @param validator the validator to use; it must find value extractors by their service files
     */
    public RequestValidator(Validator validator) {
        this.validator = validator;
    }

    /** Returns the validator of hosts that do not supply one. */
    public static Validator defaultValidator() {
        return Default.VALIDATOR;
    }

    /**
     * Validates a request.
     *
     * @throws InvalidRequestException if a constraint is violated, with all violations
     */
    public void validate(Record request) {
        Set<ConstraintViolation<Record>> found = validator.validate(request);
        if (!found.isEmpty()) {
            throw new InvalidRequestException(
                    Violations.merge(request.getClass(), List.of(), found));
        }
    }

    /** Returns the binding problems and the constraint violations of a partly bound request. */
    List<Violation> violations(Record request, List<Violation> bindingProblems) {
        return Violations.merge(request.getClass(), bindingProblems, validator.validate(request));
    }

    /** Built when it is first needed: this takes a second. */
    private static final class Default {
        private static final Validator VALIDATOR =
                Validation.byDefaultProvider()
                        .configure()
                        // The default interpolator requires an expression language library.
                        .messageInterpolator(new ParameterMessageInterpolator())
                        .buildValidatorFactory()
                        .getValidator();
    }
}
