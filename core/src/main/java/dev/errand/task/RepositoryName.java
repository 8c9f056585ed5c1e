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

/** The text is a repository, or empty (contract E8). */
@Documented
@Constraint(validatedBy = RepositoryName.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface RepositoryName {

    /** What is wrong, in the contract's words. */
    String message() default Repositories.FORMAT;

    /** Unused. */
    Class<?>[] groups() default {};

    /** Unused. */
    Class<? extends Payload>[] payload() default {};

    /** Asks {@link Repositories}. */
    final class Validator implements ConstraintValidator<RepositoryName, String> {

        /** Called by Bean Validation. */
        public Validator() {}

        @Override
        public boolean isValid(String value, ConstraintValidatorContext context) {
            return value == null || Repositories.problem(value).isEmpty();
        }
    }
}
