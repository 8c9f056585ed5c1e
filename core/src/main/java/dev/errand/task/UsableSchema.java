package dev.errand.task;

import dev.errand.internal.rules.OutputSchemas;
import dev.errand.spi.JsonText;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The JSON is a schema that outputs can be held against (contract D2, J22). */
@Documented
@Constraint(validatedBy = UsableSchema.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface UsableSchema {

    /** What is wrong, in the contract's words. */
    String message() default "Must be a valid JSON Schema.";

    /** Unused. */
    Class<?>[] groups() default {};

    /** Unused. */
    Class<? extends Payload>[] payload() default {};

    /** Asks {@link OutputSchemas}. */
    final class Validator implements ConstraintValidator<UsableSchema, JsonText> {

        /** Called by Bean Validation. */
        public Validator() {}

        @Override
        public boolean isValid(JsonText value, ConstraintValidatorContext context) {
            return value == null || OutputSchemas.isUsable(value);
        }
    }
}
