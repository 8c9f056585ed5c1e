package dev.errand.task;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The text is empty or has the form {@code organization/repository} (docs/wire/tasks.md#e8). */
@Documented
@Constraint(validatedBy = RepositoryName.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface RepositoryName {

    /** The error text. */
    String message() default Repositories.FORMAT;

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link RepositoryName}. */
    final class Validator implements ConstraintValidator<RepositoryName, String> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(String value, ConstraintValidatorContext context) {
            return value == null || Repositories.problem(value).isEmpty();
        }
    }
}
