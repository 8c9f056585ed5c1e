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

/** The value is not the JSON null. */
@Constraint(validatedBy = NotJsonNull.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface NotJsonNull {

    /** The error text. */
    String message() default "This field may not be null.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link NotJsonNull}. */
    final class Validator implements ConstraintValidator<NotJsonNull, JsonText> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(JsonText value, ConstraintValidatorContext context) {
            return value == null || !value.equals(JsonText.NULL);
        }
    }
}
