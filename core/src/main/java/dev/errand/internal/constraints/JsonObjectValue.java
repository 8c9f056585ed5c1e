package dev.errand.internal.constraints;

import dev.errand.internal.json.Json;
import dev.errand.spi.JsonText;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The value is a JSON object. */
@Constraint(validatedBy = JsonObjectValue.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface JsonObjectValue {

    /** The error text. */
    String message() default "Expected a dictionary of items.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link JsonObjectValue}. */
    final class Validator implements ConstraintValidator<JsonObjectValue, JsonText> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(JsonText value, ConstraintValidatorContext context) {
            if (value == null || value.isObject()) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(
                            "Expected a dictionary of items but got type \""
                                    + Json.typeName(value)
                                    + "\".")
                    .addConstraintViolation();
            return false;
        }
    }
}
