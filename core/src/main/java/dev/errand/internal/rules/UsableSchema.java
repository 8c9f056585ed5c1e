package dev.errand.internal.rules;

import dev.errand.internal.schema.OutputSchemas;
import dev.errand.spi.JsonText;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The JSON is a schema that outputs can be validated against (docs/wire/tasks.md#d2,
 * docs/wire/guarantees.md#j22).
 */
@Constraint(validatedBy = UsableSchema.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface UsableSchema {

    /** The error text. */
    String message() default "Must be a valid JSON Schema.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link UsableSchema}. */
    final class Validator implements ConstraintValidator<UsableSchema, JsonText> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(JsonText value, ConstraintValidatorContext context) {
            return value == null || OutputSchemas.isUsable(value);
        }
    }
}
