package dev.errand.internal.constraints;

import dev.errand.spi.JsonText;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The JSON value is a string or a number. */
@Constraint(validatedBy = JsonRpcId.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface JsonRpcId {

    /** The error text. */
    String message() default "id must be a string or number";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link JsonRpcId}. */
    final class Validator implements ConstraintValidator<JsonRpcId, JsonText> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(JsonText value, ConstraintValidatorContext context) {
            if (value == null) {
                return true;
            }
            char first = value.text().charAt(0);
            return first == '"' || first == '-' || first >= '0' && first <= '9';
        }
    }
}
