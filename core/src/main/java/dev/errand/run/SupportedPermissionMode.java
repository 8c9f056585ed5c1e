package dev.errand.run;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;

/**
 * The initial permission mode is supported by the requested runtime adapter
 * (docs/wire/runtime-selection.md#e1).
 */
@Documented
@Constraint(validatedBy = SupportedPermissionMode.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface SupportedPermissionMode {

    /** The error text. */
    String message() default "Unsupported permission mode.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link SupportedPermissionMode}. */
    final class Validator implements ConstraintValidator<SupportedPermissionMode, RuntimeRequest> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(RuntimeRequest request, ConstraintValidatorContext context) {
            Optional<String> problem =
                    request.initialPermissionMode()
                            .flatMap(
                                    mode ->
                                            PermissionModes.problem(
                                                    request.selection().adapter(), mode));
            if (problem.isEmpty()) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(problem.get())
                    .addPropertyNode("initialPermissionMode")
                    .addConstraintViolation();
            return false;
        }
    }
}
