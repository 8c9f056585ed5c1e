package dev.errand.run;

import dev.errand.spi.run.ReasoningEffort;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The effort is not a thinking level, which only recorded runs can have (docs/wire/enums.md#b8).
 */
@Documented
@Constraint(validatedBy = ModelEffort.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface ModelEffort {

    /** The error text. */
    String message() default "is not a valid choice.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link ModelEffort}. */
    final class Validator implements ConstraintValidator<ModelEffort, ReasoningEffort> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(ReasoningEffort effort, ConstraintValidatorContext context) {
            return effort == null || !effort.isThinkingLevel();
        }
    }
}
