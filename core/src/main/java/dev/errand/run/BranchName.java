package dev.errand.run;

import dev.errand.request.GitNames;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The text is a branch name that is safe on a command line (docs/wire/tasks.md#e8). */
@Documented
@Constraint(validatedBy = BranchName.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface BranchName {

    /** The error text. */
    String message() default "Invalid branch name.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link BranchName}. */
    final class Validator implements ConstraintValidator<BranchName, String> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(String value, ConstraintValidatorContext context) {
            return value == null || GitNames.isBranch(value);
        }
    }
}
