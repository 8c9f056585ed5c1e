package dev.errand.internal.constraints;

import dev.errand.internal.json.Text;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The text has no NUL character and no unpaired surrogate, and can therefore be stored and sent as
 * UTF-8 (docs/wire/conventions.md#conventions); and it has an allowed length. One constraint for
 * both, because a validator takes longer to apply a second constraint than to read the text.
 */
@Constraint(validatedBy = ValidText.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface ValidText {

    /** The error text. */
    String message() default "Not a valid string.";

    /** Whether the text may be empty. */
    boolean mayBeEmpty() default true;

    /** The maximum length in characters, which are Unicode code points. */
    int max() default Integer.MAX_VALUE;

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link ValidText}. */
    final class Validator implements ConstraintValidator<ValidText, String> {

        private static final String NUL_CHARACTER = "Null characters are not allowed.";

        private boolean mayBeEmpty;
        private int max;

        /** Called by the validator. */
        public Validator() {}

        @Override
        public void initialize(ValidText constraint) {
            mayBeEmpty = constraint.mayBeEmpty();
            max = constraint.max();
        }

        @Override
        public boolean isValid(String value, ConstraintValidatorContext context) {
            if (value == null) {
                return true;
            }
            if (Text.isStorable(value)) {
                return (mayBeEmpty || !value.isEmpty()) && !isTooLong(value);
            }
            if (value.indexOf('\0') >= 0) {
                context.disableDefaultConstraintViolation();
                context.buildConstraintViolationWithTemplate(NUL_CHARACTER)
                        .addConstraintViolation();
            }
            return false;
        }

        private boolean isTooLong(String value) {
            return value.length() > max && value.codePointCount(0, value.length()) > max;
        }
    }
}
