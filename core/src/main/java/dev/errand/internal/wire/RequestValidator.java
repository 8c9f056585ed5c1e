package dev.errand.internal.wire;

import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.profile.ApiProfile;
import dev.errand.profile.ProfileGroup;
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
    private final ApiProfile profile;

    /**
     * Creates a request validator for the profile {@code 2026-05}.
     *
     * @param validator the validator to use; it must find value extractors by their service files
     */
    public RequestValidator(Validator validator) {
        this(validator, ApiProfile.V2026_05);
    }

    /**
     * Creates a request validator.
     *
     * @param validator the validator to use; it must find value extractors by their service files
     */
    public RequestValidator(Validator validator, ApiProfile profile) {
        this.validator = validator;
        this.profile = profile;
    }

    /** Returns the profile whose rules are validated. */
    public ApiProfile profile() {
        return profile;
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
        Set<ConstraintViolation<Record>> found =
                validator.validate(request, ProfileGroup.of(profile));
        if (!found.isEmpty()) {
            throw new InvalidRequestException(
                    Violations.merge(request.getClass(), List.of(), found));
        }
    }

    /** Returns the binding problems and the constraint violations of a partly bound request. */
    List<Violation> violations(Record request, List<Violation> bindingProblems) {
        return Violations.merge(
                request.getClass(),
                bindingProblems,
                validator.validate(request, ProfileGroup.of(profile)));
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
