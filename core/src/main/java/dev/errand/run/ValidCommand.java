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

/** The parameters of a command fit its method (docs/wire/runs.md#i11). */
@Documented
@Constraint(validatedBy = ValidCommand.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ValidCommand {

    /** The error text. */
    String message() default "The parameters do not fit the method.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link ValidCommand}. */
    final class Validator implements ConstraintValidator<ValidCommand, CommandRequest> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(CommandRequest request, ConstraintValidatorContext context) {
            Optional<String> problem = request.problemOfParams();
            problem.ifPresent(
                    detail -> {
                        context.disableDefaultConstraintViolation();
                        context.buildConstraintViolationWithTemplate(detail)
                                .addPropertyNode("params")
                                .addConstraintViolation();
                    });
            return problem.isEmpty();
        }
    }
}
