package dev.errand.request;

import dev.errand.internal.json.Text;
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
 * The text has no NUL character and no unpaired surrogate, and can therefore be stored and sent as
 * UTF-8 (docs/wire/conventions.md#conventions).
 */
@Documented
@Constraint(validatedBy = ValidText.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface ValidText {

    /** The error text. */
    String message() default "Not a valid string.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link ValidText}. */
    final class Validator implements ConstraintValidator<ValidText, String> {

        private static final String NUL_CHARACTER = "Null characters are not allowed.";

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(String value, ConstraintValidatorContext context) {
            if (value == null || Text.isStorable(value)) {
                return true;
            }
            if (value.indexOf('\0') >= 0) {
                context.disableDefaultConstraintViolation();
                context.buildConstraintViolationWithTemplate(NUL_CHARACTER)
                        .addConstraintViolation();
            }
            return false;
        }
    }
}
